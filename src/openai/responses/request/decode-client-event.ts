import { excerpt } from '../../../base/excerpt.ts';
import { isJsonObject, type JsonObject } from '../../../base/json.ts';
import { decodeObject } from '../../request/decode-body.ts';
import { invalidValue } from '../../request/refusals.ts';

/** What a client asks for over a WebSocket. */
export type ClientEvent = CreateEvent | SteerEvent;

export interface CreateEvent {
  readonly type: 'response.create';
  /** The lane of the request, which each event of its response repeats; undefined for the one without a name. */
  readonly streamId: string | undefined;
  /** The event as it came, which is a body of `POST /v1/responses` with more in it. */
  readonly body: JsonObject;
}

/** More input for a response that is under way. */
interface SteerEvent {
  readonly type: 'response.steer';
  readonly body: JsonObject;
}

/** Throws a `GatewayError` for what nobody can make anything of. */
export function decodeClientEvent(message: unknown): ClientEvent {
  const body = decodeObject(message);
  const { type } = body;
  if (type === 'response.steer') return { type, body };
  if (type !== 'response.create') {
    const given = typeof type === 'string' ? `, not '${excerpt(type)}'` : '';
    throw invalidValue('type', `expected 'response.create'${given}`);
  }
  if (isJsonObject(body.response)) {
    throw invalidValue('response', "its fields belong beside 'type'");
  }
  return { type, streamId: decodeStreamId(body.stream_id), body };
}

function decodeStreamId(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'string' && /^[\w.-]{1,256}$/.test(value)) return value;
  throw invalidValue('stream_id', 'expected 1 to 256 letters, digits, underscores, hyphens and periods');
}
