import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Gives memory back when the gateway comes to rest: V8 itself keeps what the last requests needed. */
export interface MemoryTidying {
  /** Begins to wait for a rest; for the end of every request. */
  touch(): void;
  /** Collects nothing any more, even if the end of a request is heard afterwards. */
  stop(): void;
}

export interface MemoryTidyingOptions {
  /** Returns true while requests run. */
  isBusy(): boolean;
  /** Collects garbage, and gives free memory back to the system. */
  collect?(): void;
  /** Returns the bytes that the heap takes, used or not. */
  heapBytes?(): number;
}

/** Milliseconds without a request after which the gateway is at rest. */
const REST_MS = 1_000;
/** Milliseconds between collections: each stops everything for some hundredths of a second. */
const PAUSE_MS = 10_000;
/** Bytes by which the heap has to grow after a collection for another one to be worth it. */
const MIN_GROWTH_BYTES = 8 * 1024 * 1024;

export function createMemoryTidying({
  isBusy,
  collect = collectGarbage,
  heapBytes = () => getHeapStatistics().total_heap_size,
}: MemoryTidyingOptions): MemoryTidying {
  let lastAt = -Infinity;
  let lastBytes = 0;
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;

  function tidy(): void {
    timer = undefined;
    // The end of those requests will be heard.
    if (isBusy()) return;
    const waitMs = lastAt + PAUSE_MS - performance.now();
    if (waitMs > 0) return wait(waitMs);
    if (heapBytes() < lastBytes + MIN_GROWTH_BYTES) return;
    collect();
    lastAt = performance.now();
    lastBytes = heapBytes();
  }

  function wait(ms: number): void {
    clearTimeout(timer);
    if (!isStopped) timer = setTimeout(tidy, ms).unref();
  }

  return {
    touch: () => wait(REST_MS),
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}

/** Runs V8's own function, which is not in sight without a flag. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as (options: object) => void;
  setFlagsFromString('--no-expose-gc');
  collect({ type: 'major', execution: 'sync', flavor: 'last-resort' });
}
