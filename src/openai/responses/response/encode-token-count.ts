import type { JsonObject } from '../../../base/json.ts';

/** A `response.input_tokens`, marked as every count is that is not the provider's. */
export function encodeTokenCount(tokens: number): JsonObject {
  return { object: 'response.input_tokens', input_tokens: tokens, estimated: true };
}
