import { excerpt } from '../../../base/excerpt.ts';
import { isJsonObject, type JsonObject } from '../../../base/json.ts';
import { decodeObject } from '../../request/decode-body.ts';
import { invalidValue } from '../../request/refusals.ts';

/** A message of a client over a WebSocket. */
export type ClientEvent = CreateEvent | SteerEvent;

export interface CreateEvent {
  readonly type: 'response.create';
  /** The id that every event of the response repeats; undefined if the request has none. */
  readonly streamId: string | undefined;
  /** The whole event, which is a body of `POST /v1/responses` with further fields. */
  readonly body: JsonObject;
}

/** More input for a running response. */
interface SteerEvent {
  readonly type: 'response.steer';
  readonly body: JsonObject;
}

/** Decodes a message; throws a `GatewayError` if it is none of the known ones. */
export function decodeClientEvent(message: unknown): ClientEvent {
  const body = decodeObject(message);
  const { type } = body;
  if (type === 'response.steer') return { type, body };
  if (type !== 'response.create') {
    const given = typeof type === 'string' ? `, not '${excerpt(type)}'` : '';
    throw invalidValue('type', `expected 'response.create'${given}`);
  }
  if (isJsonObject(body.response)) {
    throw invalidValue('response', "send its fields at the top level, beside 'type'");
  }
  return { type, streamId: decodeStreamId(body.stream_id), body };
}

function decodeStreamId(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'string' && /^[\w.-]{1,256}$/.test(value)) return value;
  throw invalidValue('stream_id', 'expected 1 to 256 letters, digits, underscores, hyphens and periods');
}
