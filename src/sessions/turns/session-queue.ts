/** Places for turns: some run, and the others wait in the order in which they came. One turn of a session runs at a time. */
export interface SessionQueue {
  /**
   * Takes a place for a turn of a session, or the last one in the queue; `start` is called once it may run. Returns undefined if
   * the queue is full.
   */
  enter(sessionId: string, start: () => void): QueuedTurn | undefined;
  load(): QueueLoad;
  /** Starts no further turn. */
  close(): void;
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

interface Place {
  readonly sessionId: string;
  start(): void;
}

export function createSessionQueue({ maxConcurrentTurns, maxQueuedTurns }: QueueLimits): SessionQueue {
  const running = new Map<string, Place>();
  const waiting: Place[] = [];
  let isClosed = false;

  const canStart = ({ sessionId }: Place) =>
    !isClosed && running.size < maxConcurrentTurns && !running.has(sessionId);

  function startNext(): void {
    for (;;) {
      const index = waiting.findIndex(canStart);
      const [next] = index === -1 ? [] : waiting.splice(index, 1);
      if (next === undefined) return;
      running.set(next.sessionId, next);
      next.start();
    }
  }

  return {
    enter(sessionId, start) {
      const place = { sessionId, start };
      if (!canStart(place) && waiting.length >= maxQueuedTurns) return undefined;
      waiting.push(place);
      startNext();
      return {
        position: () => waiting.indexOf(place) + 1,
        leave() {
          const index = waiting.indexOf(place);
          if (index !== -1) waiting.splice(index, 1);
          if (running.get(sessionId) === place) running.delete(sessionId);
          startNext();
        },
      };
    },
    load: () => ({
      active_turns: running.size,
      pending_turns: waiting.length,
      max_concurrent_turns: maxConcurrentTurns,
      max_queued_turns: maxQueuedTurns,
    }),
    close() {
      isClosed = true;
    },
  };
}
