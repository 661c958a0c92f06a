/** Milliseconds of work in one slice; several such works may take their turns. */
const SLICE_MS = 3;

/** Slices of long work, between which everything else has its turn. */
export interface Slices {
  isOver(): boolean;
  /** Lets everything else have its turn, then begins the next slice. */
  next(): Promise<void>;
}

export function createSlices(): Slices {
  let since = performance.now();
  return {
    isOver: () => performance.now() - since >= SLICE_MS,
    async next() {
      await new Promise((resolve) => setImmediate(resolve));
      since = performance.now();
    },
  };
}

/** Lets everything else have its turn in the middle of long work: to be awaited between its pieces. */
export type Pace = () => Promise<void>;

export function createPace(): Pace {
  const slices = createSlices();
  return async () => {
    if (slices.isOver()) await slices.next();
  };
}
