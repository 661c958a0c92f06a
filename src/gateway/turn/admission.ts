import { createFairSemaphore } from '../../base/async/fair-semaphore.ts';
import { GatewayError } from '../../base/errors.ts';
import type { Observer } from '../../base/observation.ts';

export interface AdmissionLimits {
  /** Maximum number of turns that run side by side. */
  readonly running: number;
  /**
   * Maximum number of turns that wait for one of those places, beside those that wait only for the release of turns whose
   * answers have ended.
   */
  readonly waiting: number;
  /** Maximum number of requests of one caller that run and wait together. */
  readonly perToken: number;
}

/** Throws a `GatewayError` if a caller may not have that many turns beside those that run and wait. */
export type CheckTurns = (caller: string, turns: { readonly held: number; readonly asked: number }) => void;

/** Admits requests, and gives their turns places: at once while there are any, later if they have to wait. */
export interface Admission {
  /**
   * Admits a request with one reservation for each of its answers, or throws at once. What is admitted always gets its places.
   */
  reserve(caller: string, answers: number): readonly Reservation[];
  count(): TurnCounts;
}

/** Turns that hold a place, and turns that wait for one. */
export interface TurnCounts {
  readonly running: number;
  readonly waiting: number;
}

/** The room that a request has for the turns of one answer. */
export interface Reservation {
  /**
   * Runs the work of a turn once there is a place, and holds the place until the work has settled. A turn after the first
   * waits for the next place that becomes free: its answer has begun.
   */
  run(signal: AbortSignal, work: () => Promise<void>): Promise<void>;
  /**
   * Lets the next request in: the answer has come to its end. Its place is free only when the work of its turn has settled; a
   * turn that is let in meanwhile waits for that.
   */
  answered(): void;
  /** Gives the room back if no turn has needed it. */
  cancel(): void;
}

/** Seconds after which a request that was refused can succeed. */
const RETRY_AFTER_SECONDS = 5;

/** @param checkTurns Knows the limits of single callers. */
export function createAdmission(
  limits: AdmissionLimits,
  observer: Observer,
  checkTurns?: CheckTurns,
): Admission {
  const places = createPlaces(limits.running, observer);
  const counts = createCounts(limits, checkTurns);

  function createReservation(caller: string, request: RequestCount): Reservation {
    let isHeld = true;
    const closes = [request.open()];
    const closeAll = () => {
      for (const close of closes) close();
    };
    return {
      async run(signal, work) {
        const isFurther = !isHeld;
        if (isFurther) closes.push(request.open());
        isHeld = false;
        await places.run(caller, signal, work, isFurther).finally(closes.at(-1));
      },
      answered: closeAll,
      cancel() {
        if (isHeld) closeAll();
        isHeld = false;
      },
    };
  }

  return {
    reserve(caller, answers) {
      counts.check(caller, answers);
      const request = counts.begin(caller);
      return Array.from({ length: answers }, () => createReservation(caller, request));
    },
    count: places.count,
  };
}

/** Creates the places of turns, which are counted and reported as they run and wait. */
function createPlaces(capacity: number, observer: Observer) {
  const places = createFairSemaphore(capacity);
  let reported: TurnCounts = { running: 0, waiting: 0 };

  function count(): TurnCounts {
    return { running: places.taken, waiting: places.waiting };
  }

  function report(): void {
    const turns = count();
    if (turns.running === reported.running && turns.waiting === reported.waiting) return;
    reported = turns;
    observer.observe({ type: 'turns-changed', ...turns });
  }

  return {
    count,
    async run(caller: string, signal: AbortSignal, work: () => Promise<void>, isFirst: boolean) {
      const submittedAt = performance.now();
      const { running, waiting } = count();
      if (running >= capacity) observer.observe({ type: 'turn-queued', running, waiting: waiting + 1 });
      const begin = async () => {
        report();
        observer.observe({ type: 'turn-admitted', waitedMs: Math.round(performance.now() - submittedAt) });
        await work();
      };
      const settled = places.run(caller, signal, begin, isFirst);
      report();
      await settled.finally(report);
    },
  };
}

/** Counts the turns of one request, which counts for its caller while there are any. */
interface RequestCount {
  /** Returns a function that ends the count of the turn, however often it is called. */
  open(): () => void;
}

interface CallerCount {
  requests: number;
  /** Turns that run, wait, or have a reservation. */
  turns: number;
}

function createCounts({ running, waiting, perToken }: AdmissionLimits, checkTurns?: CheckTurns) {
  const callers = new Map<string, CallerCount>();
  let turns = 0;
  return {
    /** Throws if a request for so many answers finds no room. */
    check(caller: string, answers: number): void {
      const { requests, turns: held } = callers.get(caller) ?? { requests: 0, turns: 0 };
      checkTurns?.(caller, { held, asked: answers });
      if (requests >= perToken) throw tooManyOf('with this API key are being answered');
      if (turns + answers > running + waiting) throw tooManyOf('wait for a place');
    },
    begin(caller: string): RequestCount {
      let own = 0;
      function close(): void {
        const count = callers.get(caller)!;
        own -= 1;
        count.turns -= 1;
        turns -= 1;
        if (own === 0) count.requests -= 1;
        if (count.requests === 0) callers.delete(caller);
      }
      return {
        open() {
          const count = callers.get(caller) ?? { requests: 0, turns: 0 };
          callers.set(caller, count);
          if (own === 0) count.requests += 1;
          own += 1;
          count.turns += 1;
          turns += 1;
          let isOpen = true;
          return () => {
            if (isOpen) close();
            isOpen = false;
          };
        },
      };
    },
  };
}

export function cancelAll(reservations: readonly Reservation[]): void {
  for (const reservation of reservations) reservation.cancel();
}

function tooManyOf(which: string): GatewayError {
  return new GatewayError('queue_full', `Rate limit reached: too many requests ${which}. Try again later.`, {
    retryAfter: RETRY_AFTER_SECONDS,
  });
}
