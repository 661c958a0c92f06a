/**
 * Calls of callers' tools, as the app-server makes them of its client. None is answered while its turn goes well: the
 * answer would have the model asked again at once, where the caller is to do that, in another request.
 */
export interface ParkedCalls {
  /** Lets the calls of a thread wait. */
  open(threadId: string): ThreadCalls;
  /** Settles when the call is to be answered; undefined for a thread that expects none. */
  park(threadId: unknown): Promise<void> | undefined;
}

export interface ThreadCalls {
  /** The thread shows that it is alive. */
  touch(): void;
  close(): void;
}

/**
 * Milliseconds of silence after which calls are answered all the same: a turn that fails while one waits never says so.
 * One that goes well only falls silent while the model writes another call.
 */
const PATIENCE = 2_000;

export function createParkedCalls(): ParkedCalls {
  const threads = new Map<unknown, Parking>();
  return {
    open(threadId) {
      const parking = createParking();
      threads.set(threadId, parking);
      return {
        touch: parking.touch,
        close() {
          threads.delete(threadId);
          parking.end();
        },
      };
    },
    park: (threadId) => threads.get(threadId)?.add(),
  };
}

interface Parking {
  add(): Promise<void>;
  touch(): void;
  end(): void;
}

function createParking(): Parking {
  let waiting: PromiseWithResolvers<void> | undefined;
  let timer: NodeJS.Timeout | undefined;

  function answer(): void {
    waiting?.resolve();
    waiting = undefined;
  }

  return {
    add() {
      // A call that comes after others were answered waits again: as long as one does, the model is not asked again.
      waiting ??= Promise.withResolvers();
      clearTimeout(timer);
      timer = setTimeout(answer, PATIENCE);
      return waiting.promise;
    },
    touch: () => void (waiting && timer?.refresh()),
    end() {
      clearTimeout(timer);
      answer();
    },
  };
}
