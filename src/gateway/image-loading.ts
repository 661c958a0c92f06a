import { createSemaphore } from '../base/semaphore.ts';
import type { Images } from '../conversation/images.ts';
import { imagesOf, isRemote, type Item } from '../conversation/item.ts';
import type { Load } from './run-turn.ts';

/** Requests whose images are fetched at once; each may bring tens of megabytes, which no limit of a body holds. */
const MAX_FETCHING = 8;

/** The loading of one request's images. */
export interface ImageLoading {
  readonly load: Load;
  /** Gives back its place among those whose fetched images are on their way down. */
  letGo(): void;
}

/** Images are loaded once, however many turns show them to a model; what is said beyond the request has none. */
export function createImageLoading(images: Images): (requested: readonly Item[]) => ImageLoading {
  const fetching = createSemaphore(MAX_FETCHING);
  return (requested) => {
    let loaded: Promise<readonly Item[]> | undefined;
    let letGo = () => {};
    async function loadOnce(signal: AbortSignal): Promise<readonly Item[]> {
      if (imagesOf(requested).some(isRemote)) letGo = await fetching.acquire(signal);
      return await images.load(requested, signal);
    }
    return {
      async load(items, signal) {
        loaded ??= loadOnce(signal);
        return [...(await loaded), ...items.slice(requested.length)];
      },
      letGo: () => letGo(),
    };
  };
}
