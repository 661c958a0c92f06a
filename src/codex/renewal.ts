import { abortable } from '../base/abort.ts';
import { messageOf } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import type { Generation } from './generation.ts';

/** The generation that fits what it was started with: a new one takes over when that has changed. */
export interface Renewal {
  /** Looks whether anything has changed, and holds the generation in charge; `release` lets it go. */
  take(signal: AbortSignal): Promise<{ readonly generation: Generation; release(): void }>;
  close(): Promise<void>;
}

export interface RenewalOptions {
  readonly log: Log;
  start(): Promise<Generation>;
  /** Differs whenever a new generation is needed. */
  stamp(): Promise<string>;
}

/** Starts the first generation; rejects when that fails. A later one that fails leaves the one before in charge. */
export async function startRenewal({ log, start, stamp }: RenewalOptions): Promise<Renewal> {
  let seen = await stamp();
  let current = start();
  const all = new Set([await current]);

  async function retire(old: Generation): Promise<void> {
    try {
      await old.retire();
      all.delete(old);
    } catch (error) {
      log.warn('an app-server of before could not be cleared away', { problem: messageOf(error) });
    }
  }

  async function replace(before: Promise<Generation>): Promise<Generation> {
    const old = await before;
    try {
      const next = await start();
      log.info("Codex's login or set-up has changed, a new app-server takes over");
      all.add(next);
      void retire(old);
      return next;
    } catch (error) {
      log.error('codex app-server did not start with the changed set-up', { problem: messageOf(error) });
      return old;
    }
  }

  return {
    async take(signal) {
      const now = await stamp();
      if (now !== seen) {
        seen = now;
        current = replace(current);
      }
      const generation = await abortable(current, signal);
      return { generation, release: generation.hold() };
    },
    async close() {
      await current;
      await Promise.all([...all].map((generation) => generation.close()));
    },
  };
}
