import { GatewayError, type ErrorCode } from '../../base/errors.ts';
import { encodeError } from '../../openai/vocabulary/error-body.ts';
import type { RequestState } from '../requests/context.ts';

/** Errors of the checks that come before a route, which look everywhere as they do under `/v1`. */
const CHECKS: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'invalid_api_key',
  'missing_scope',
  'read_only',
  'forbidden_host',
  'forbidden_origin',
  'forbidden_page',
  'request_too_large',
  'token_limited',
  'too_many_guesses',
]);

/** Encodes an error in the shape of these routes: `{ok: false, error}`. */
export const encodeSessionError: RequestState['encodeError'] = (error) => {
  const encoded = encodeError(error);
  if (error instanceof GatewayError && CHECKS.has(error.code)) return encoded;
  return { ...encoded, body: { ok: false, error: encoded.body.error.message } };
};
