import { abortable } from '../base/abort.ts';
import { GatewayError, messageOf, shuttingDown } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import type { Generation } from './generation.ts';

/** The generation that fits what it was started with: a new one takes over when that has changed. */
export interface Renewal {
  /**
   * Holds the generation in charge, after a look whether anything has changed. `hasLooked` is for a request that has had
   * one already.
   */
  take(signal: AbortSignal, hasLooked?: boolean): Promise<Held>;
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

/** Starts the first generation; rejects when that fails. While a later one fails there is none: the one before is out of date. */
export async function startRenewal({ log, signal, start, stamp }: RenewalOptions): Promise<Renewal> {
  const closing = new AbortController();
  const look = createLook(stamp);
  await look();
  const first = await start(signal);
  const living = createSuccession(first, log);
  let current = Promise.resolve(first);
  let retryAt = Infinity;
  let repeatAt = repeatOf(first);
  let repeating = Promise.resolve();

  function takeOver(next: Generation): Generation {
    living.succeed(next);
    retryAt = Infinity;
    repeatAt = repeatOf(next);
    return next;
  }

  /** After the one that is on its way already, which may have missed the change. */
  async function replace(before: Promise<Generation>): Promise<Generation> {
    retryAt = Infinity;
    await before.catch(() => {});
    try {
      const next = takeOver(await start(closing.signal));
      log.info("Codex's login or set-up has changed, a new app-server takes over");
      return next;
    } catch (error) {
      retryAt = performance.now() + RETRY;
      log.error('codex app-server did not start with the changed set-up', { problem: messageOf(error) });
      throw outOfDate(error);
    }
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
      if (changed || performance.now() > retryAt) {
        current = replace(current);
        // Those who wait for it hear of it.
        current.catch(() => {});
      } else if (performance.now() > repeatAt) repeating = repeat();
      const generation = await abortable(current, caller);
      return { generation, release: generation.hold() };
    },
    async close() {
      closing.abort(shuttingDown());
      await Promise.allSettled([current, repeating]);
      await living.close();
    },
  };
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

function outOfDate(cause: unknown): GatewayError {
  const message = 'Codex cannot be started with its changed set-up. Try again.';
  return new GatewayError('codex_unavailable', message, { cause, retryAfter: 1 });
}
