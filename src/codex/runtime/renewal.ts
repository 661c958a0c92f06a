import { abortable } from '../../base/async/abort.ts';
import { GatewayError, messageOf, shuttingDown } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import type { Generation } from './generation.ts';
import { reportLostHome } from '../home/lasting-home.ts';

/** The generation that fits what it was started with: a new one takes over when that has changed. */
export interface Renewal {
  /**
   * Holds the generation in charge, after a look whether anything has changed. `hasLooked` is for a request that has had
   * one already.
   */
  take(signal: AbortSignal, hasLooked?: boolean): Promise<Held>;
  /** Starts a new generation in place of one that has lost its home, unless one has taken over already. */
  replaceLost(lost: Generation): Promise<void>;
  close(): Promise<void>;
}

interface Held {
  readonly generation: Generation;
  /** Lets it go. */
  release(): void;
}

export interface RenewalOptions {
  readonly log: Log;
  /** Gives up the first start. */
  readonly signal: AbortSignal;
  start(signal: AbortSignal): Promise<Generation>;
  /** Differs whenever a new generation is needed. */
  stamp(): Promise<string>;
}

/** Milliseconds until a start that failed is tried again, and until what could not be learnt is asked for again. */
const RETRY = 1_000;
const REPEAT = 60_000;

/** Reason for a new generation, in the words of the log and of the caller's error. */
interface Reason {
  readonly done: string;
  readonly failed: string;
  readonly message: string;
}

/** A start that has failed, and when it is tried again. */
interface Retry {
  readonly at: number;
  readonly why: Reason;
}

const CHANGED: Reason = {
  done: "Codex's login or set-up has changed, a new app-server takes over",
  failed: 'codex app-server did not start with the changed set-up',
  message: 'Codex cannot be started with its changed set-up. Try again.',
};

const LOST: Reason = {
  done: 'a new app-server takes over in a new home',
  failed: 'codex app-server did not start in a new home',
  message: "The gateway's state folder was removed, and Codex cannot be started in a new one; see the log.",
};

/** Starts the first generation; rejects when that fails. While a later one fails there is none: the one before is out of date. */
export async function startRenewal({ log, signal, start, stamp }: RenewalOptions): Promise<Renewal> {
  const closing = new AbortController();
  const look = createLook(stamp);
  await look();
  const first = await start(signal);
  const living = createSuccession(first, log);
  let current = Promise.resolve(first);
  let retry: Retry | undefined;
  let repeatAt = repeatOf(first);
  let repeating = Promise.resolve();

  function takeOver(next: Generation): Generation {
    living.succeed(next);
    retry = undefined;
    repeatAt = repeatOf(next);
    return next;
  }

  function renew(why: Reason): void {
    retry = undefined;
    const next = startAfter(current, why, { log, signal: closing.signal, start });
    current = next.then(takeOver, (error: unknown) => {
      retry = { at: performance.now() + RETRY, why };
      throw error;
    });
    // Its callers hear of a failure.
    current.catch(() => {});
  }

  /** Asks again behind everyone's back; nothing has changed, so whatever comes of it can wait. */
  async function repeat(): Promise<void> {
    const before = current;
    repeatAt = Infinity;
    try {
      const next = await start(closing.signal);
      if (current === before && !closing.signal.aborted) current = Promise.resolve(takeOver(next));
      else await next.close();
    } catch (error) {
      if (current !== before || closing.signal.aborted) return;
      repeatAt = performance.now() + REPEAT;
      log.warn('codex app-server could not be started again', { problem: messageOf(error) });
    }
  }

  return {
    async take(caller, hasLooked = false) {
      const changed = !hasLooked && (await look());
      closing.signal.throwIfAborted();
      if (changed) renew(CHANGED);
      else if (retry && isDue(retry)) renew(retry.why);
      else if (performance.now() > repeatAt) repeating = repeat();
      return hold(await abortable(current, caller));
    },
    async replaceLost(lost) {
      const before = current;
      if ((await before.catch(() => undefined)) !== lost || current !== before) return;
      reportLostHome(log);
      renew(LOST);
    },
    async close() {
      closing.abort(shuttingDown());
      await Promise.allSettled([current, repeating]);
      await living.close();
    },
  };
}

/** Starts a generation after the one that is on its way already, which may have missed the change. */
async function startAfter(
  before: Promise<Generation>,
  { done, failed, message }: Reason,
  { log, signal, start }: Pick<RenewalOptions, 'log' | 'signal' | 'start'>,
): Promise<Generation> {
  await before.catch(() => {});
  signal.throwIfAborted();
  try {
    const next = await start(signal);
    log.info(done);
    return next;
  } catch (error) {
    log.error(failed, { problem: messageOf(error) });
    throw new GatewayError('codex_unavailable', message, { cause: error, retryAfter: 1 });
  }
}

function isDue({ at }: Retry): boolean {
  return performance.now() > at;
}

function hold(generation: Generation): Held {
  return { generation, release: generation.hold() };
}

/** Generations that live: the one in charge, and those before it that are still held. */
function createSuccession(first: Generation, log: Log) {
  const all = new Set([first]);
  let inCharge = first;
  return {
    succeed(next: Generation) {
      const old = inCharge;
      all.add(next);
      inCharge = next;
      old.retire().then(
        () => all.delete(old),
        (error: unknown) =>
          log.warn('an app-server of before could not be cleared away', { problem: messageOf(error) }),
      );
    },
    close: async () => await Promise.all([...all].map((generation) => generation.close())),
  };
}

function repeatOf({ provisional }: Generation): number {
  return provisional ? performance.now() + REPEAT : Infinity;
}

/** Tells whether the stamp has changed since the last look. One that began before another ended tells of an older state. */
function createLook(stamp: () => Promise<string>): () => Promise<boolean> {
  let begun = 0;
  let last = 0;
  let seen = '';
  return async () => {
    begun += 1;
    const order = begun;
    const now = await stamp();
    if (order < last || now === seen) return false;
    last = order;
    seen = now;
    return true;
  };
}
