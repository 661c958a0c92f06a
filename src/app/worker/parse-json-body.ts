import { GatewayError, type ErrorCode } from '../../base/errors.ts';
import type { RawBody } from '../../http/requests/context.ts';
import { checkDepth } from '../../openai/request/decode-body.ts';
import { parseBody } from '../../openai/request/parse-body.ts';

/** A refusal in a form that crosses threads. */
interface Refusal {
  readonly code: ErrorCode;
  readonly message: string;
  readonly param: string | undefined;
}

export type BodyResult = { readonly value: unknown } | { readonly refusal: Refusal };

/** Parses a body; throws a `GatewayError`. */
export function parseJsonBody({ blocks, charset }: RawBody): unknown {
  return parseBody(Buffer.concat(blocks), charset);
}

/** Parses a body in a worker thread. */
export function runBodyJob(body: RawBody): BodyResult {
  try {
    const value = parseJsonBody(body);
    // A deeper value cannot be sent to another thread.
    checkDepth(value);
    return { value };
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return { refusal: { code: error.code, message: error.message, param: error.detail.param } };
  }
}
