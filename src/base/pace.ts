/** Milliseconds of work in one piece; several such works may take their turns. */
export const SLICE_MS = 3;

/** Lets everything else have its turn in the middle of long work: to be awaited between its pieces. */
export type Pace = () => Promise<void>;

export function createPace(): Pace {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < SLICE_MS) return;
    await new Promise((resolve) => setImmediate(resolve));
    since = performance.now();
  };
}
