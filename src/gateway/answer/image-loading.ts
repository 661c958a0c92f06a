import { createSemaphore } from '../../base/async/semaphore.ts';
import type { Images } from '../../conversation/ports/images.ts';
import { imagesOf, isRemote, type Item } from '../../conversation/item.ts';
import type { Load } from './run-turn.ts';

/** Requests whose images are fetched at once; each may bring tens of megabytes, which no limit of a body holds. */
const MAX_FETCHING = 8;

/**
 * Makes the loading of one request's images: they are loaded once, however many turns show them to a model; what is said
 * beyond the request has none. Fetched images hold a place among those on their way down until `begun` settles.
 */
export function createImageLoading(
  images: Images,
): (requested: readonly Item[], begun: Promise<unknown>) => Load {
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
