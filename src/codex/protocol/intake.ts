import { abortable } from '../../base/async/abort.ts';
import { createSemaphore, type Semaphore } from '../../base/async/semaphore.ts';
import { runInSlices, type Steps } from '../../base/async/steps.ts';
import type { Turn } from '../../conversation/turn.ts';
import { weigh } from './format-line.ts';

/** Characters of a turn above which it is large: reading them keeps the app-server from everything else for a while. */
const LARGE = 1024 * 1024;

/** The one for whom a turn runs. */
export interface Caller {
  /** Takes the turn out of the queue. */
  readonly signal: AbortSignal;
  /** Called with true when the turn begins to wait for others, and with false when it need not wait any more. */
  readonly onQueue?: ((isWaiting: boolean) => void) | undefined;
}

/**
 * Order in which turns are handed to an app-server. All of them share one pipe, and nobody is answered while the app-server
 * reads a large conversation and writes its echo. So one large turn is handed over at a time, first come first served, and
 * only once the small ones that came before have gone in: a small one waits for one large one, not for all of them.
 */
export interface Intake {
  /** Runs the work that hands over the turn, until the app-server has answered that the turn has started. */
  run(turn: Turn, caller: Caller, work: () => Promise<void>): Promise<void>;
}

export function createIntake(): Intake {
  const place = createSemaphore(1);
  const small = new Set<Promise<void>>();

  async function runSmall(work: () => Promise<void>): Promise<void> {
    const running = work();
    small.add(running);
    await running.finally(() => small.delete(running));
  }

  return {
    async run(turn, caller, work) {
      if (!(await runInSlices(isLarge(turn), caller.signal))) return await runSmall(work);
      // Later small ones are not waited for, or a large one might never have its turn.
      await runQueued(place, caller, work, () => Promise.allSettled(small));
    },
  };
}

function* isLarge({ items, ...rest }: Turn): Steps<boolean> {
  let weight = weigh(rest, LARGE);
  for (const item of items) {
    if (weight > LARGE) break;
    weight += weigh(item, LARGE);
    yield;
  }
  return weight > LARGE;
}

/** Waits for a place, and then for what `ready` returns, before the work begins; the caller hears of the wait. */
export async function runQueued<T>(
  places: Semaphore,
  { signal, onQueue }: Caller,
  work: () => Promise<T>,
  ready?: () => Promise<unknown>,
): Promise<T> {
  onQueue?.(true);
  return await places.run(signal, async () => {
    if (ready) await abortable(ready(), signal);
    onQueue?.(false);
    return await work();
  });
}
