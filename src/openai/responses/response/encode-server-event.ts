import type { JsonObject } from '../../../base/json.ts';
import { encodeError } from '../../vocabulary/error-body.ts';

/** A failure outside of any response, as a message of a WebSocket; the headers are those that HTTP would have. */
export function encodeSocketError(error: unknown): JsonObject {
  const { status, headers, body } = encodeError(error);
  const { type, code, message, param } = body.error;
  const told = Object.keys(headers).length > 0 && { headers };
  return { type: 'error', status, error: { type, code, message, param, ...told } };
}

/** That more input for a response is not taken; its client gets it back, and may send it with the next request. */
export function encodeSteerFailure({ input, previous_response_id }: JsonObject): JsonObject {
  return {
    type: 'response.steer.failed',
    sequence_number: 0,
    error: {
      code: 'steering_not_supported',
      message: 'A response takes no more input here. Send it with the next response.create.',
    },
    steer: { input, previous_response_id },
  };
}

/** Returns a message with the stream id of its request, if that has one. */
export function withStreamId(message: JsonObject, streamId: string | undefined): JsonObject {
  return streamId === undefined ? message : { ...message, stream_id: streamId };
}
