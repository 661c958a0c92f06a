import { createSemaphore } from '../../../base/async/semaphore.ts';

/**
 * Threads of one child that were started ahead, so that the next request need not wait for `thread/start`. Threads with the
 * same key, which stands for everything that `thread/start` takes, are interchangeable.
 *
 * A request that has got its first event, and so needs the child least, starts a thread for the next one. One that waits alone
 * does so as soon as its turn has started, while the child waits for the provider as well. As many threads are kept as
 * requests lately waited at the same time. Without requests, one of each recent key is left after seconds, and none after
 * minutes.
 */
export interface WarmThreads {
  /** Begins a request that needs a thread. Without a key, none is kept for it. */
  enter(key: string | undefined): WarmRequest;
}

export interface WarmRequest {
  /** Resolves to the id of the thread that was started ahead, or to undefined if that failed; undefined if there is none. */
  readonly thread: Promise<string | undefined> | undefined;
  /** Starts a thread for the next request if no other request waits; called when the turn has started. */
  refillIfAlone(start: () => Promise<string>): void;
  /** Starts a thread for the next request, unless that has happened; called when this one no longer waits for the child. */
  refill(start: () => Promise<string>): void;
  /** Ends the request, if that has not happened by `refill`. */
  leave(): void;
}

/** Maximum number of threads in a child, at about half a megabyte each. */
const MAX_THREADS = 32;
/** Maximum number of threads that are started at the same time: other requests share the pipe. */
const MAX_STARTING = 4;
/** Milliseconds in which the number of waiting requests is remembered, and after which a surplus thread is released. */
const BUSY_MS = 10_000;
/** Milliseconds after which the last thread of a key is released. */
const REST_MS = 5 * 60_000;
/** Maximum number of keys that keep a thread at rest. */
const MAX_KEYS_AT_REST = 4;
/** Factor for the number of threads that are kept while requests get threads that are hardly ready. */
const SHORT_FACTOR = 4;

interface Warm {
  /** Resolves to undefined if the thread could not be started. */
  readonly id: Promise<string | undefined>;
  readonly since: number;
}

/** The threads of one key, oldest first, and how many requests wanted one. */
interface Shelf {
  readonly threads: Warm[];
  /** Threads that are to be started. */
  planned: number;
  waiting: number;
  /** True if the latest request got a thread that was probably not ready. */
  isShort: boolean;
  /** Largest number of requests that waited at once, in this period and in the one before. */
  peaks: readonly [number, number];
  periodSince: number;
  usedAt: number;
}

export interface WarmThreadsOptions {
  /** Lets the child unload a thread; never rejects. */
  release(threadId: string): Promise<void>;
  /** Returns false once the child has lost its home. Its threads still work, but it has to be replaced. */
  hasHome(): boolean;
  /** Aborts when there are no further requests. */
  readonly ending: AbortSignal;
  /** Milliseconds that a thread takes to be ready, if it does more than `thread/start` for that. */
  readonly readyMs?: number;
}

export function createWarmThreads(options: WarmThreadsOptions): WarmThreads {
  return new Pool(options);
}

const NONE: WarmRequest = { thread: undefined, refillIfAlone() {}, refill() {}, leave() {} };

class Pool implements WarmThreads {
  readonly #options: WarmThreadsOptions;
  /** By key, the one that was used last at the end. */
  readonly #shelves = new Map<string, Shelf>();
  readonly #starting = createSemaphore(MAX_STARTING);
  /** Number of requests that wait for their first event. */
  #waiting = 0;
  #timer: NodeJS.Timeout | undefined;
  #dueAt = Infinity;

  constructor(options: WarmThreadsOptions) {
    this.#options = options;
  }

  enter(key: string | undefined): WarmRequest {
    if (this.#options.ending.aborted || key === undefined) return NONE;
    const shelf = this.#shelfOf(key);
    this.#waiting += 1;
    shelf.waiting += 1;
    notePeak(shelf);
    const thread = this.#take(shelf);
    let isWaiting = true;
    let hasRefilled = false;
    const leave = () => {
      if (!isWaiting) return;
      isWaiting = false;
      this.#waiting -= 1;
      shelf.waiting -= 1;
      this.#removeIfUnused(key, shelf);
    };
    const refill = (start: () => Promise<string>) => {
      if (!isWaiting || hasRefilled) return;
      hasRefilled = true;
      this.#refill(shelf, start);
    };
    return {
      thread,
      leave,
      refillIfAlone: (start) => {
        if (this.#waiting === 1) refill(start);
      },
      refill: (start) => {
        refill(start);
        leave();
      },
    };
  }

  #shelfOf(key: string): Shelf {
    const now = performance.now();
    const known = this.#shelves.get(key);
    this.#shelves.delete(key);
    const shelf = known ?? {
      threads: [],
      planned: 0,
      waiting: 0,
      isShort: false,
      peaks: [0, 0],
      periodSince: now,
      usedAt: now,
    };
    this.#shelves.set(key, shelf);
    shelf.usedAt = now;
    return shelf;
  }

  #removeIfUnused(key: string, { threads, planned, waiting }: Shelf): void {
    if (threads.length + planned + waiting === 0) this.#shelves.delete(key);
  }

  #take(shelf: Shelf): Promise<string | undefined> | undefined {
    if (shelf.threads.length > 0 && !this.#options.hasHome()) this.#empty();
    const taken = shelf.threads.shift();
    const { readyMs = 0 } = this.#options;
    if (taken !== undefined) shelf.isShort = performance.now() - taken.since < readyMs;
    return taken?.id;
  }

  /** Starts a thread; a second one as well, until there are several times as many as needed, if they are not ready in time. */
  #refill(shelf: Shelf, start: () => Promise<string>): void {
    const [most, factor] = shelf.isShort ? [2, SHORT_FACTOR] : [1, 1];
    const wanted = Math.min(MAX_THREADS, Math.max(...shelf.peaks) * factor);
    const missing = wanted - shelf.threads.length - shelf.planned;
    for (let count = Math.min(most, missing); count > 0; count -= 1) void this.#plan(shelf, start);
  }

  async #plan(shelf: Shelf, start: () => Promise<string>): Promise<void> {
    shelf.planned += 1;
    // It is refused when there are no further requests.
    await this.#starting
      .run(this.#options.ending, async () => await this.#start(shelf, start))
      .catch(() => (shelf.planned -= 1));
  }

  async #start(shelf: Shelf, start: () => Promise<string>): Promise<void> {
    this.#makeRoom();
    const id = start().catch(() => undefined);
    shelf.planned -= 1;
    shelf.threads.push({ id, since: performance.now() });
    this.#sweepIn(BUSY_MS);
    // The reason for one refusal may concern all threads: the child has lost its home, or is overloaded.
    if ((await id) === undefined) this.#empty();
  }

  /** Releases the oldest thread of the key that was not used for longest, if the pool is full. */
  #makeRoom(): void {
    if (this.#count() < MAX_THREADS) return;
    for (const { threads } of this.#shelves.values()) {
      if (threads.length === 0) continue;
      this.#discard(threads.shift()!);
      return;
    }
  }

  #count(): number {
    let count = 0;
    for (const { threads } of this.#shelves.values()) count += threads.length;
    return count;
  }

  #empty(): void {
    for (const { threads } of this.#shelves.values())
      for (const warm of threads.splice(0)) this.#discard(warm);
  }

  #discard({ id }: Warm): void {
    void id.then(async (threadId) => {
      if (threadId !== undefined) await this.#options.release(threadId);
    });
  }

  /** Looks for surplus threads after a while, or earlier if that is already intended. */
  #sweepIn(delayMs: number): void {
    const dueAt = performance.now() + delayMs;
    if (dueAt >= this.#dueAt) return;
    clearTimeout(this.#timer);
    this.#dueAt = dueAt;
    this.#timer = setTimeout(() => this.#sweep(), delayMs).unref();
  }

  #sweep(): void {
    this.#dueAt = Infinity;
    const now = performance.now();
    const shelves = [...this.#shelves].toReversed();
    let hasSurplus = false;
    for (const [index, [key, shelf]] of shelves.entries()) {
      const { threads, usedAt } = shelf;
      const kept = index < MAX_KEYS_AT_REST && now - usedAt < REST_MS ? 1 : 0;
      while (threads.length > kept && now - threads[0]!.since >= BUSY_MS) this.#discard(threads.shift()!);
      if (threads.length > kept) hasSurplus = true;
      this.#removeIfUnused(key, shelf);
    }
    if (this.#count() > 0) this.#sweepIn(hasSurplus ? BUSY_MS : REST_MS);
  }
}

function notePeak(shelf: Shelf): void {
  const now = performance.now();
  const age = now - shelf.periodSince;
  if (age > BUSY_MS) {
    shelf.peaks = [0, age > 2 * BUSY_MS ? 0 : shelf.peaks[0]];
    shelf.periodSince = now;
  }
  shelf.peaks = [Math.max(shelf.peaks[0], shelf.waiting), shelf.peaks[1]];
}
