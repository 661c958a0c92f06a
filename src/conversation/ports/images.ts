import { GatewayError, type ErrorCode } from '../../base/errors.ts';
import type { Item } from '../item.ts';

/** Fetches and checks images before they are sent to a model. */
export interface Images {
  /**
   * Returns the same items with all images as `data:` URLs that are safe to decode. Throws a `GatewayError`
   * that names the image's part, or the signal's reason.
   */
  load(items: readonly Item[], signal: AbortSignal): Promise<readonly Item[]>;
}

/** Creates an error for an image; `path` is its path in the request. */
export function imageError(path: string, why: string, code: ErrorCode = 'invalid_image'): GatewayError {
  return new GatewayError(code, `Invalid '${path}': ${why}.`, { param: path });
}
