import { withTimeout } from '../../base/async/with-timeout.ts';
import type { Store } from '../../conversation/ports/store.ts';

/** Milliseconds for which another process may have the database locked, or the disk may be silent; a write takes a few. */
const PATIENCE_MS = 1_000;

/** Returns a function that resolves to true if a response could be stored now, and soon to false if not. */
export function createStoreProbe(
  store: Pick<Store, 'checkWritable' | 'deleteConversation'>,
): () => Promise<boolean> {
  let looking: Promise<boolean> | undefined;

  async function look(): Promise<boolean> {
    try {
      await store.checkWritable();
      // Deleting what does not exist changes nothing, and needs the lock that every write needs.
      await store.deleteConversation('conv_none');
      return true;
    } catch {
      return false;
    } finally {
      looking = undefined;
    }
  }

  return async () => {
    // A disk that does not answer is asked once, and not again with each probe.
    looking ??= look();
    return (await withTimeout(looking, PATIENCE_MS)) === true;
  };
}
