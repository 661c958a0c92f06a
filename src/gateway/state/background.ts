import { createReplay, type Replay } from '../../base/async/replay.ts';

/** The work itself limits its size: if its reader cut it off, its end could not be reported. */
const UNLIMITED = { capacity: Infinity, sizeOf: () => 0, onFull: () => new Error('over no limit') };

/** Work that goes on without whoever asked for it, and tells of itself by events. */
export interface Background<E> {
  /** Starts the work; its end is awaited by `stop`. */
  run(id: string, start: (signal: AbortSignal) => AsyncIterable<E>): void;
  /** All events of work that has not ended, from its first; undefined for other work. */
  read(id: string, signal: AbortSignal): AsyncIterable<E> | undefined;
  /** Aborts the work and resolves at its end; undefined for other work. */
  cancel(id: string, reason: Error): Promise<void> | undefined;
  readonly count: number;
  /** Ends all of it. */
  stop(reason: Error): Promise<void>;
}

interface Work<E> {
  readonly replay: Replay<E>;
  readonly abort: AbortController;
}

export function createBackground<E>(): Background<E> {
  const running = new Map<string, Work<E>>();

  async function end({ replay, abort }: Work<E>, reason: Error): Promise<void> {
    abort.abort(reason);
    await replay.ended;
  }

  return {
    run(id, start) {
      const abort = new AbortController();
      const replay = createReplay(start(abort.signal), UNLIMITED);
      running.set(id, { replay, abort });
      void replay.ended.then(() => {
        running.delete(id);
        // Work whose events nobody could tell goes on without a reader, and keeps its place.
        abort.abort(new Error('the work has ended'));
      });
    },
    read: (id, signal) => running.get(id)?.replay.read(signal),
    cancel(id, reason) {
      const work = running.get(id);
      return work && end(work, reason);
    },
    get count() {
      return running.size;
    },
    async stop(reason) {
      await Promise.all([...running.values()].map((work) => end(work, reason)));
    },
  };
}
