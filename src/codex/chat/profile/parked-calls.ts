/**
 * Holds the calls of callers' tools, which the app-server sends to its client as requests. None is answered while its turn
 * goes well: with an answer Codex would ask the model again at once, which is for the caller to do, in another request.
 */
export interface ParkedCalls {
  /** Lets the calls of a thread wait. */
  open(threadId: string): ThreadCalls;
  /** Settles when the call is to be answered; undefined for a thread that expects no calls. */
  park(threadId: unknown): Promise<void> | undefined;
}

interface ThreadCalls {
  /** Reports that the thread shows activity. */
  touch(): void;
  close(): void;
}

/**
 * Milliseconds of silence after which calls are answered after all: a turn that fails while a call waits does not report it.
 * A turn that goes well is silent only while the model writes another call.
 */
const SILENCE_MS = 2_000;

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
      // A call that comes after others were answered waits too: as long as one call waits, the model is not asked again.
      waiting ??= Promise.withResolvers();
      clearTimeout(timer);
      timer = setTimeout(answer, SILENCE_MS);
      return waiting.promise;
    },
    touch: () => void (waiting && timer?.refresh()),
    end() {
      clearTimeout(timer);
      answer();
    },
  };
}
