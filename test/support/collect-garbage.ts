import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Collects everything that nothing refers to any more. */
export async function collectGarbage(): Promise<void> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  // A value that was just looked at stays until the next turn of the event loop.
  await new Promise((resolve) => setImmediate(resolve));
  collect();
}
