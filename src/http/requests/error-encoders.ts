import type { ServerResponse } from 'node:http';
import type { RequestState } from './context.ts';

const encoders = new WeakMap<ServerResponse, RequestState['encodeError']>();

/** Remembers the shape of errors of a request, for one whose body cannot be read, which no middleware learns of. */
export function noteErrorEncoder(response: ServerResponse, encode: RequestState['encodeError']): void {
  encoders.set(response, encode);
}

/** Returns the encoder that was noted for a response. */
export function errorEncoderOf(
  response: ServerResponse | undefined,
): RequestState['encodeError'] | undefined {
  return response && encoders.get(response);
}
