import { createSlices } from './pace.ts';

/** Work on many values that can be interrupted at each `yield`. */
export type Steps<T> = Generator<undefined, T, undefined>;

/**
 * Does the work in slices, between which everything else has its turn; work of one slice is done at once. Rejects with the
 * signal's reason after the slice in which it aborts.
 */
export async function runInSlices<T>(steps: Steps<T>, signal: AbortSignal): Promise<T> {
  const slices = createSlices();
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    if (!slices.isOver()) continue;
    await slices.next();
    signal.throwIfAborted();
  }
}

/** `Array.map` with one step for each value. */
export function* mapInSteps<T, R>(values: readonly T[], map: (value: T, index: number) => R): Steps<R[]> {
  const mapped: R[] = [];
  for (const [index, value] of values.entries()) {
    mapped.push(map(value, index));
    yield;
  }
  return mapped;
}
