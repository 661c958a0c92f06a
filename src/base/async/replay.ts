import { abortable } from './abort.ts';

/** What one source brings, for any number of readers, each from the beginning. */
export interface Replay<T> {
  /** Whether the source has come to its end by itself, once it is at an end; never rejects. */
  readonly ended: Promise<boolean>;
  /** Of what has come so far, in the units of the limits. */
  readonly size: number;
  /** Throws what the source has thrown, or the signal's reason. */
  read(signal: AbortSignal): AsyncGenerator<T>;
}

export interface ReplayLimits<T> {
  /** How much is kept, in the units of `sizeOf`. */
  readonly capacity: number;
  sizeOf(value: T): number;
  onFull(): Error;
}

/** Reads the source as fast as it comes, and keeps all of it. */
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
