import { GatewayError } from '../base/errors.ts';

/** A 400 that names the part of the request in which the image stands. */
export function imageError(path: string, why: string): GatewayError {
  return new GatewayError('invalid_image', `Invalid '${path}': ${why}.`, { param: path });
}
