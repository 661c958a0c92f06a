/** Places for turns: some run, and some wait in the order in which they came. */
export interface SessionQueue {
  /**
   * Takes a place for a turn, or the last one in the queue; `start` is called once it may run. Returns undefined if the queue is
   * full.
   */
  enter(start: () => void): QueuedTurn | undefined;
  load(): QueueLoad;
}

export interface QueuedTurn {
  /** Returns 1 for the next turn to start; 0 for one that may run. */
  position(): number;
  /** Gives the place back, or leaves the queue. */
  leave(): void;
}

/** Counts of turns, as clients see them. */
export interface QueueLoad {
  readonly active_turns: number;
  readonly pending_turns: number;
  readonly max_concurrent_turns: number;
  readonly max_queued_turns: number;
}

export interface QueueLimits {
  readonly maxConcurrentTurns: number;
  readonly maxQueuedTurns: number;
}

export function createSessionQueue({ maxConcurrentTurns, maxQueuedTurns }: QueueLimits): SessionQueue {
  const running = new Set<object>();
  const waiting: { readonly start: () => void }[] = [];

  function startNext(): void {
    while (running.size < maxConcurrentTurns) {
      const next = waiting.shift();
      if (next === undefined) return;
      running.add(next);
      next.start();
    }
  }

  return {
    enter(start) {
      if (running.size >= maxConcurrentTurns && waiting.length >= maxQueuedTurns) return undefined;
      const turn = { start };
      waiting.push(turn);
      startNext();
      return {
        position: () => waiting.indexOf(turn) + 1,
        leave() {
          const index = waiting.indexOf(turn);
          if (index !== -1) waiting.splice(index, 1);
          if (running.delete(turn)) startNext();
        },
      };
    },
    load: () => ({
      active_turns: running.size,
      pending_turns: waiting.length,
      max_concurrent_turns: maxConcurrentTurns,
      max_queued_turns: maxQueuedTurns,
    }),
  };
}
