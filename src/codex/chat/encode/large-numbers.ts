import type { JsonValue } from '../../../../generated/serde_json/JsonValue.js';
import { exactJson } from '../../../base/json.ts';

/** Returns false for an integer of more than 64 bits, which Codex refuses; JSON.stringify writes one without an exponent below 1e21. */
export function isReadable(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.values(value).every(isReadable);
  return typeof value !== 'number' || Math.abs(value) < 2 ** 63 || Math.abs(value) >= 1e21;
}

/** Returns the same JSON with an exponent in such numbers, which Codex accepts. The result is only good for writing. */
export function withExponents(value: unknown): JsonValue {
  if (Array.isArray(value)) return value.map(withExponents);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withExponents(one)]));
  }
  return (isReadable(value) ? value : exactJson.rawJSON((value as number).toExponential())) as JsonValue;
}
