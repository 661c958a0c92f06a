/** Milliseconds of work in one slice; several pieces of long work may alternate. */
const SLICE_MS = 3;

/** Divides long work into slices with pauses for other work. */
export interface Slices {
  isOver(): boolean;
  /** Pauses for other work, then begins the next slice. */
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

/** Pauses for other work if the current slice is over; awaited between the pieces of long work. */
export type Pace = () => Promise<void>;

export function createPace(): Pace {
  const slices = createSlices();
  return async () => {
    if (slices.isOver()) await slices.next();
  };
}
