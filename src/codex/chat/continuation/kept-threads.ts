import type { Thread } from './thread-interface.ts';
import type { Fingerprint } from './fingerprint.ts';
import { countHeldItems, type HeldItem } from './held-items.ts';

/** A thread that waits for the next request of its conversation. */
interface KeptThread {
  readonly thread: Thread;
  /** Everything besides the conversation that a request must have in common with the thread, including its owner. */
  readonly key: string;
  readonly held: readonly HeldItem[];
  /** Ids of the calls for whose results its turn waits, in their order; empty if the turn is over. */
  readonly callIds: readonly string[];
}

/** A thread that was taken from the store, and the number of the conversation's items that it holds. */
export interface TakenThread extends KeptThread {
  readonly count: number;
}

/** A conversation that may go on in a kept thread. */
interface OpenConversation {
  readonly key: string;
  readonly fingerprints: readonly Fingerprint[];
  /** Returns true if the items after the first `count` are the results of these calls, and nothing else. */
  hasResultsAfter(count: number, callIds: readonly string[]): boolean;
}

/** The threads of one app-server that may be continued. */
export interface KeptThreads {
  /** Returns true if a thread with the key is kept, so that it is worth taking fingerprints. */
  has(key: string): boolean;
  keep(kept: KeptThread): void;
  /** Takes out the thread that holds most of the conversation: nobody else can continue it then. */
  take(conversation: OpenConversation): TakenThread | undefined;
  /** Drops a thread that can no longer be continued. */
  drop(thread: Thread): void;
}

export interface KeptThreadLimits {
  readonly count: number;
  /** Characters of all conversations together. */
  readonly characters: number;
  readonly ageMs: number;
}

/** A kept thread costs the app-server some 0.5 MB, and its conversation not quite twice its size. */
export const KEPT_THREAD_LIMITS: KeptThreadLimits = {
  count: 48,
  characters: 48 * 1024 * 1024,
  // The prompt cache of a provider lasts as long.
  ageMs: 10 * 60_000,
};

interface Entry extends KeptThread {
  readonly keptAt: number;
  /** Characters of the conversation. */
  readonly size: number;
}

/** @param ending Aborts when there are no further requests: then no thread is kept any more. */
export function createKeptThreads(limits: KeptThreadLimits, ending: AbortSignal): KeptThreads {
  return new KeptThreadSet(limits, ending);
}

class KeptThreadSet implements KeptThreads {
  readonly #limits: KeptThreadLimits;
  readonly #ending: AbortSignal;
  /** Oldest first. */
  readonly #entries = new Set<Entry>();
  #size = 0;
  #timer: NodeJS.Timeout | undefined;
  readonly #dropAll = () => this.#dropWhere(() => true);

  constructor(limits: KeptThreadLimits, ending: AbortSignal) {
    this.#limits = limits;
    this.#ending = ending;
  }

  has(key: string): boolean {
    return [...this.#entries].some((entry) => entry.key === key);
  }

  keep(kept: KeptThread): void {
    const size = kept.held.reduce((sum, { characters }) => sum + characters, 0);
    if (size > this.#limits.characters) return void kept.thread.release();
    // The signal outlives the app-server: it has a listener only while there are threads.
    if (this.#entries.size === 0) this.#ending.addEventListener('abort', this.#dropAll);
    this.#entries.add({ ...kept, size, keptAt: performance.now() });
    this.#size += size;
    this.#dropWhere(() => this.#isFull());
    if (this.#timer === undefined) this.#schedule();
  }

  take(conversation: OpenConversation): TakenThread | undefined {
    let best: { readonly entry: Entry; readonly count: number } | undefined;
    for (const entry of this.#entries) {
      const count = countIn(entry, conversation);
      // The newest of several that hold as much.
      if (count !== undefined && count >= (best?.count ?? 0)) best = { entry, count };
    }
    if (best === undefined) return undefined;
    this.#takeOut(best.entry);
    return { ...best.entry, count: best.count };
  }

  drop(thread: Thread): void {
    this.#dropWhere((entry) => entry.thread === thread);
  }

  #isFull(): boolean {
    const { count, characters } = this.#limits;
    return this.#entries.size > count || this.#size > characters || this.#ending.aborted;
  }

  #dropWhere(isUnwanted: (entry: Entry) => boolean): void {
    for (const entry of this.#entries) {
      if (!isUnwanted(entry)) continue;
      this.#takeOut(entry);
      void entry.thread.release();
    }
  }

  #takeOut(entry: Entry): void {
    this.#entries.delete(entry);
    this.#size -= entry.size;
    if (this.#entries.size > 0) return;
    this.#ending.removeEventListener('abort', this.#dropAll);
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Lets the only timer run until the oldest thread expires. */
  #schedule(): void {
    const [oldest] = this.#entries;
    if (oldest === undefined) return;
    const leftMs = oldest.keptAt + this.#limits.ageMs - performance.now();
    this.#timer = setTimeout(() => this.#expire(), Math.max(1, leftMs)).unref();
  }

  #expire(): void {
    const since = performance.now() - this.#limits.ageMs;
    this.#timer = undefined;
    this.#dropWhere(({ keptAt }) => keptAt <= since);
    this.#schedule();
  }
}

/** Returns the number of the conversation's items that a thread holds; undefined if the conversation cannot go on in it. */
function countIn(
  { key, held, callIds }: KeptThread,
  { fingerprints, hasResultsAfter, ...conversation }: OpenConversation,
): number | undefined {
  if (key !== conversation.key) return undefined;
  const count = countHeldItems(held, fingerprints);
  if (count === undefined || count === fingerprints.length) return undefined;
  return callIds.length === 0 || hasResultsAfter(count, callIds) ? count : undefined;
}
