import type { JsonObject } from '../../../base/json.ts';
import { encodeError } from '../../vocabulary/error-body.ts';
import type { EventDraft } from '../output/response-event.ts';

/** Codes of our own among those that a response may have: its list is closed. */
const CODES: ReadonlySet<string | null> = new Set([
  'invalid_image_url',
  'misalignment_policy_violation',
  'rate_limit_exceeded',
  'server_error',
]);

/** `error` of a response that failed, its code from OpenAI's list; the type is the one of an HTTP error. */
export function encodeResponseError(error: unknown): JsonObject {
  const { status, body } = encodeError(error);
  const { message, type, param, code } = body.error;
  return { code: CODES.has(code) ? code : codeOf(status), message, type, param };
}

/** There is none for a quota that is used up, and none for a login. */
function codeOf(status: number): string {
  if (status === 429) return 'rate_limit_exceeded';
  return status === 400 || status === 413 ? 'invalid_prompt' : 'server_error';
}

/** Some clients read the fields of the event itself, others only an `error` in it. */
export function encodeErrorEvent(error: unknown): EventDraft {
  const { message, type, param, code } = encodeError(error).body.error;
  return { type: 'error', code, message, param, error: { type, code, message, param } };
}
