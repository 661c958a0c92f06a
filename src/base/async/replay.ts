import { abortable } from './abort.ts';

/** Replays the values of one source to any number of readers, each from the beginning. */
export interface Replay<T> {
  /** Resolves at the end of the source, to true if it ended without an error; never rejects. */
  readonly ended: Promise<boolean>;
  /** Size of the values so far, in units of `sizeOf`. */
  readonly size: number;
  /** Yields all values. Throws the error of the source, or the signal's reason. */
  read(signal: AbortSignal): AsyncGenerator<T>;
}

export interface ReplayLimits<T> {
  /** Maximum size of the stored values, in units of `sizeOf`. */
  readonly capacity: number;
  sizeOf(value: T): number;
  onFull(): Error;
}

/** Reads a source as fast as it produces values and stores all of them. */
export function createReplay<T>(source: AsyncIterable<T>, limits: ReplayLimits<T>): Replay<T> {
  const values: T[] = [];
  let size = 0;
  let end: { readonly error?: unknown } | undefined;
  let wake = Promise.withResolvers<void>();

  async function record(): Promise<boolean> {
    try {
      for await (const value of source) {
        size += limits.sizeOf(value);
        if (size > limits.capacity) throw limits.onFull();
        values.push(value);
        wake.resolve();
        wake = Promise.withResolvers();
      }
      end = {};
      return true;
    } catch (error) {
      end = { error };
      return false;
    } finally {
      wake.resolve();
    }
  }

  return {
    ended: record(),
    get size() {
      return size;
    },
    async *read(signal) {
      for (let next = 0; ;) {
        while (next < values.length) {
          yield values[next]!;
          next += 1;
        }
        if (end !== undefined) {
          if ('error' in end) throw end.error;
          return;
        }
        await abortable(wake.promise, signal);
      }
    },
  };
}
