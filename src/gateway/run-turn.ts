import type { Engine } from '../conversation/engine.ts';
import type { Item } from '../conversation/item.ts';
import type { TurnEvent } from '../conversation/turn-event.ts';
import type { Turn } from '../conversation/turn.ts';
import type { Admission } from './admission.ts';
import { createDeadlineClock, type Deadlines } from './deadlines.ts';

export interface TurnRunner {
  readonly engine: Engine;
  readonly admission: Admission;
  readonly deadlines: Deadlines;
}

/** Gets what a model is to see ready for the engine. */
export type Load = (items: readonly Item[], signal: AbortSignal) => Promise<readonly Item[]>;

/** Runs one turn on the engine, in its turn among the others and within its deadlines. */
export async function* runTurn(
  { engine, admission, deadlines }: TurnRunner,
  turn: Turn,
  load: Load,
  caller: AbortSignal,
): AsyncGenerator<TurnEvent> {
  const clock = createDeadlineClock(deadlines, caller);
  const started = clock.begin('start');
  let leave = () => {};
  try {
    leave = await admission.enter(clock.signal);
    // Also when the reader has stopped to read and never comes back to hear of it.
    clock.signal.addEventListener('abort', leave, { once: true });
    clock.begin('turn');
    const items = await load(turn.items, clock.signal);
    let heard: (() => void) | undefined;
    for await (const event of engine.runTurn({ ...turn, items }, clock.signal)) {
      if (event.type === 'turn-start') {
        started();
        heard = clock.begin('firstByte');
      } else heard?.();
      yield event;
    }
  } finally {
    clock.stop();
    leave();
  }
}
