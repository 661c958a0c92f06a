import type { DynamicToolCallResponse } from '../../../../generated/v2/DynamicToolCallResponse.js';

/**
 * Holds the calls of callers' tools, which the app-server sends to its client as requests. None is answered while its turn
 * goes well: with an answer Codex would ask the model again at once, which is for the caller to do, in another request. If that
 * request continues the turn, it brings the answers.
 */
export interface ParkedCalls {
  /** Lets the calls of a thread wait. */
  open(threadId: string): ThreadCalls;
  /**
   * Resolves to the answer to a call, or to undefined when the call is to be refused; returns undefined for a thread that
   * expects no calls.
   */
  park(threadId: unknown, callId: unknown): Promise<CallAnswer | undefined> | undefined;
}

type CallAnswer = DynamicToolCallResponse;

export interface ThreadCalls {
  /** Reports that the thread shows activity. */
  touch(): void;
  /** Lets the calls wait for their answers without a limit. */
  hold(): void;
  /**
   * Resolves to true once these calls wait, and no others. A call may come a moment after the response that contains it;
   * resolves to false if it does not.
   */
  areWaiting(callIds: readonly string[]): Promise<boolean>;
  /** Answers all calls that wait, by their ids. */
  answer(answers: ReadonlyMap<string, CallAnswer>): void;
  close(): void;
}

/**
 * Milliseconds of silence after which calls are refused after all: a turn that fails while a call waits does not report it.
 * A turn that goes well is silent only while the model writes another call.
 */
const SILENCE_MS = 2_000;

/** Milliseconds to wait for calls that come after the response that contains them. */
const ARRIVAL_MS = 1_000;

export function createParkedCalls(): ParkedCalls {
  const threads = new Map<unknown, Parking>();
  return {
    open(threadId) {
      const parking = createParking();
      threads.set(threadId, parking);
      return {
        ...parking,
        close() {
          if (threads.get(threadId) === parking) threads.delete(threadId);
          parking.close();
        },
      };
    },
    park: (threadId, callId) => threads.get(threadId)?.add(callId),
  };
}

interface Parking extends ThreadCalls {
  add(callId: unknown): Promise<CallAnswer | undefined>;
}

function createParking(): Parking {
  const waiting = new Map<unknown, (answer: CallAnswer | undefined) => void>();
  let timer: NodeJS.Timeout | undefined;
  let isHeld = false;
  let onChange = () => {};

  function settle(answers?: ReadonlyMap<unknown, CallAnswer>): void {
    clearTimeout(timer);
    for (const [callId, resolve] of waiting) resolve(answers?.get(callId));
    waiting.clear();
    onChange();
  }

  function waitFor(callIds: readonly string[]): boolean {
    return waiting.size === callIds.length && callIds.every((id) => waiting.has(id));
  }

  return {
    async add(callId) {
      // A call that comes after others were refused waits too: as long as one call waits, the model is not asked again.
      const { promise, resolve } = Promise.withResolvers<CallAnswer | undefined>();
      waiting.get(callId)?.(undefined);
      waiting.set(callId, resolve);
      onChange();
      clearTimeout(timer);
      if (!isHeld) timer = setTimeout(() => settle(), SILENCE_MS);
      return await promise;
    },
    touch: () => void (waiting.size > 0 && !isHeld && timer?.refresh()),
    hold() {
      clearTimeout(timer);
      isHeld = true;
    },
    async areWaiting(callIds) {
      if (waitFor(callIds)) return true;
      const arrived = Promise.withResolvers<void>();
      const limit = setTimeout(arrived.resolve, ARRIVAL_MS);
      onChange = () => {
        if (waitFor(callIds) || waiting.size === 0) arrived.resolve();
      };
      await arrived.promise;
      clearTimeout(limit);
      return waitFor(callIds);
    },
    answer(answers) {
      isHeld = false;
      settle(answers);
    },
    close: () => settle(),
  };
}
