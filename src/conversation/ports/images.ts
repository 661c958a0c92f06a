import type { Item } from '../item.ts';

/** The port behind which images are fetched and looked at, before anything goes to a model. */
export interface Images {
  /**
   * The same items, with every image as a `data:` URL that is worth decoding. Throws a `GatewayError` that names the
   * part, or the signal's reason.
   */
  load(items: readonly Item[], signal: AbortSignal): Promise<readonly Item[]>;
}
