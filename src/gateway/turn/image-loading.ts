import { createSemaphore } from '../../base/async/semaphore.ts';
import type { Images } from '../../conversation/ports/images.ts';
import { imagesOf, isRemote, type Item } from '../../conversation/item.ts';
import type { LoadItems } from './run-turn.ts';

/** Maximum number of requests whose images are fetched at once: each may bring tens of megabytes beyond its body. */
const MAX_FETCHING = 8;

/**
 * Creates the loading of images, request by request. The images of a request are loaded once for all its turns; items that
 * a turn has beyond the request hold none. A request with images to fetch keeps its place among those that fetch until
 * `begun` settles.
 */
export function createImageLoading(
  images: Images,
): (requested: readonly Item[], begun: Promise<unknown>) => LoadItems {
  const fetching = createSemaphore(MAX_FETCHING);
  return (requested, begun) => {
    let loaded: Promise<readonly Item[]> | undefined;

    function loadOnce(signal: AbortSignal): Promise<readonly Item[]> {
      if (!imagesOf(requested).some(isRemote)) return images.load(requested, signal);
      const items = Promise.withResolvers<readonly Item[]>();
      const work = fetching.run(signal, async () => {
        items.resolve(await images.load(requested, signal));
        await begun;
      });
      work.catch(items.reject);
      return items.promise;
    }

    return async (items, signal) => {
      loaded ??= loadOnce(signal);
      return [...(await loaded), ...items.slice(requested.length)];
    };
  };
}
