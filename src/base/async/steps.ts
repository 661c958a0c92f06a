import { createSlices } from './pace.ts';

/** Work on many values that can be interrupted at each `yield`. */
export type Steps<T> = Generator<undefined, T, undefined>;

/**
 * Runs work in slices, with pauses for other work; work that fits one slice runs at once. Rejects with the
 * signal's reason after the slice in which it is aborted.
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

/** Maps an array with one step for each value. */
export function* mapInSteps<T, R>(values: readonly T[], map: (value: T, index: number) => R): Steps<R[]> {
  const mapped: R[] = [];
  for (const [index, value] of values.entries()) {
    mapped.push(map(value, index));
    yield;
  }
  return mapped;
}
