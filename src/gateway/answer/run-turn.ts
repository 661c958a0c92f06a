import { abortable } from '../../base/async/abort.ts';
import type { Engine, TurnRun } from '../../conversation/ports/engine.ts';
import type { Item } from '../../conversation/item.ts';
import type { TurnEvent } from '../../conversation/turn-event.ts';
import type { Turn } from '../../conversation/turn.ts';
import type { Admission } from '../admission.ts';
import { createDeadlineClock, type Deadlines } from '../deadlines.ts';

export interface TurnRunner {
  readonly engine: Engine;
  readonly admission: Admission;
  readonly deadlines: Deadlines;
}

/** Gets what a model is to see ready for the engine. */
export type Load = (items: readonly Item[], signal: AbortSignal) => Promise<readonly Item[]>;

export interface TurnOptions {
  readonly load: Load;
  /** Called when the turn has its place among those that run. */
  readonly onPlace: (() => void) | undefined;
  readonly signal: AbortSignal;
}

/**
 * Runs one turn on the engine, in its turn among the others and within its deadlines. Its place stays taken until the
 * engine has ended the work, which may be after the reader has left.
 */
export async function* runTurn(
  { engine, admission, deadlines }: TurnRunner,
  turn: Turn,
  { load, onPlace, signal }: TurnOptions,
): AsyncGenerator<TurnEvent> {
  const left = new AbortController();
  const clock = createDeadlineClock(deadlines, AbortSignal.any([signal, left.signal]));
  let started = clock.begin('start');
  // Codex is well while it serves others first: the deadline begins again when they are done.
  const onQueue = (isWaiting: boolean) => {
    started();
    if (!isWaiting) started = clock.begin('start');
  };
  const begun = Promise.withResolvers<TurnRun['events']>();
  const work = admission.run(clock.signal, async () => {
    onPlace?.();
    clock.begin('turn');
    const items = await load(turn.items, clock.signal);
    const { events, ended } = engine.runTurn({ ...turn, items }, clock.signal, onQueue);
    begun.resolve(events);
    await ended;
  });
  // A reader that takes no further event, and does not say so, leaves no deadline behind.
  void work.catch(begun.reject).finally(clock.stop);
  try {
    let heard: (() => void) | undefined;
    for await (const batch of await abortable(begun.promise, clock.signal)) {
      for (const event of batch) {
        if (event.type === 'turn-start') {
          started();
          heard = clock.begin('firstByte');
        } else heard?.();
        yield event;
      }
    }
  } finally {
    clock.stop();
    left.abort();
  }
}
