import { abortable } from '../../../base/async/abort.ts';
import { createSemaphore, type Semaphore } from '../../../base/async/semaphore.ts';
import { runInSlices, type Steps } from '../../../base/async/steps.ts';
import type { Turn } from '../../../conversation/turn.ts';
import type { TurnCaller } from '../continuation/thread-interface.ts';
import { weigh } from '../../protocol/format-line.ts';

/** Characters above which a turn is large: the app-server does nothing else for a while as it reads them. */
const LARGE_CHARACTERS = 1024 * 1024;

/**
 * Orders the turns that are handed to an app-server. They share one pipe, and nothing else is answered while the app-server
 * reads a large conversation and writes its echo. So large turns are handed over one at a time, first come, first served, and
 * each only after the small ones that came before it: a small turn waits for one large turn, not for all of them.
 */
export interface Intake {
  /** Runs the work that hands over the turn, until the app-server has answered that the turn has started. */
  run(turn: Turn, caller: TurnCaller, work: () => Promise<void>): Promise<void>;
}

export function createIntake(): Intake {
  const slot = createSemaphore(1);
  // One turn after the other, or one that takes several slices would be overtaken.
  const scale = createSemaphore(1);
  const small = new Set<Promise<void>>();

  async function runSmall(work: () => Promise<void>): Promise<void> {
    const running = work();
    small.add(running);
    await running.finally(() => small.delete(running));
  }

  return {
    async run(turn, caller, work) {
      const { signal } = caller;
      const isQueued = await scale.run(signal, async () => await runInSlices(isLarge(turn), signal));
      if (!isQueued) return await runSmall(work);
      // It does not wait for later small turns, or it might wait forever.
      await runQueued(slot, caller, work, () => Promise.allSettled(small));
    },
  };
}

function* isLarge({ items, ...rest }: Turn): Steps<boolean> {
  let weight = weigh(rest, LARGE_CHARACTERS);
  for (const item of items) {
    if (weight > LARGE_CHARACTERS) break;
    weight += weigh(item, LARGE_CHARACTERS);
    yield;
  }
  return weight > LARGE_CHARACTERS;
}

/** Waits for the semaphore, and then for the promise of `ready`, before the work begins; reports the wait to the caller. */
export async function runQueued<T>(
  semaphore: Semaphore,
  { signal, onQueue }: TurnCaller,
  work: () => Promise<T>,
  ready?: () => Promise<unknown>,
): Promise<T> {
  onQueue?.(true);
  return await semaphore.run(signal, async () => {
    if (ready) await abortable(ready(), signal);
    onQueue?.(false);
    return await work();
  });
}
