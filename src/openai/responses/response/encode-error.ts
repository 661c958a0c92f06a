import type { JsonObject } from '../../../base/json.ts';
import { encodeError } from '../../vocabulary/error-body.ts';
import type { EventDraft } from '../output/response-event.ts';

/** Codes of HTTP errors that the `error` of a response may have, too: OpenAI's list of its codes is closed. */
const RESPONSE_CODES: ReadonlySet<string | null> = new Set([
  'failed_to_download_image',
  'invalid_image_url',
  'misalignment_policy_violation',
  'rate_limit_exceeded',
  'server_error',
]);

/** Encodes the `error` of a failed response, with a code from OpenAI's list and the type of an HTTP error. */
export function encodeResponseError(error: unknown): JsonObject {
  const { status, body } = encodeError(error);
  const { message, type, param, code } = body.error;
  return { code: RESPONSE_CODES.has(code) ? code : responseCodeOf(status), message, type, param };
}

/** Returns the code for an HTTP status. OpenAI's list has none for an exhausted quota, and none for a missing login. */
function responseCodeOf(status: number): string {
  if (status === 429) return 'rate_limit_exceeded';
  return status === 400 || status === 413 ? 'invalid_prompt' : 'server_error';
}

/** Encodes an `error` event. Some clients read the fields of the event, others those of an `error` inside it. */
export function encodeErrorEvent(error: unknown): EventDraft {
  const { message, type, param, code } = encodeError(error).body.error;
  return { type: 'error', code, message, param, error: { type, code, message, param } };
}

/** Encodes a failure outside any response as a WebSocket message, with the headers of the HTTP error. */
export function encodeSocketError(error: unknown): JsonObject {
  const { status, headers, body } = encodeError(error);
  const { type, code, message, param } = body.error;
  const hasHeaders = Object.keys(headers).length > 0;
  return { type: 'error', status, error: { type, code, message, param, ...(hasHeaders && { headers }) } };
}

/** Encodes the refusal of input for a running response. It contains the input, which the client may send in its next request. */
export function encodeSteerFailure({ input, previous_response_id }: JsonObject): JsonObject {
  return {
    type: 'response.steer.failed',
    sequence_number: 0,
    error: {
      code: 'steering_not_supported',
      message: 'A running response takes no more input. Send it with the next response.create.',
    },
    steer: { input, previous_response_id },
  };
}

/** Adds the `stream_id` that the request gave itself, if any, to a WebSocket message. */
export function withStreamId(message: JsonObject, streamId: string | undefined): JsonObject {
  return streamId === undefined ? message : { ...message, stream_id: streamId };
}
