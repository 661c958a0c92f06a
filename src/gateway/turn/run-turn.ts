import type { AskedMark } from '../../base/asked-mark.ts';
import { abortable } from '../../base/async/abort.ts';
import type { Engine, TurnRun } from '../../conversation/ports/engine.ts';
import type { Item } from '../../conversation/item.ts';
import type { TurnEvent } from '../../conversation/turn-event.ts';
import type { Turn } from '../../conversation/turn.ts';
import type { Reservation } from './admission.ts';
import { withDeadlines, type DeadlineClock, type Deadlines } from './deadlines.ts';

export interface TurnRunner {
  readonly engine: Pick<Engine, 'runTurn'>;
  readonly deadlines: Deadlines;
}

/** Gets the items of a turn ready for the engine. */
export type LoadItems = (items: readonly Item[], signal: AbortSignal) => Promise<readonly Item[]>;

export interface RunTurnOptions {
  readonly reservation: Reservation;
  readonly loadItems: LoadItems;
  /** The caller, if the turn may continue an earlier one or be continued. */
  readonly owner?: string | undefined;
  /** Says if the provider may have been asked for this request. */
  readonly asked: AskedMark;
  /** Called when the turn has left the queue. */
  readonly onAdmitted: (() => void) | undefined;
  /** Aborts with `controller`, or when nobody wants the answer any more. */
  readonly signal: AbortSignal;
  /** Aborted when a deadline passes. */
  readonly controller: AbortController;
}

interface StartedTurn {
  readonly events: TurnRun['events'];
  readonly clock: DeadlineClock;
}

/**
 * Runs one turn on the engine, within its deadlines and after those that came before it. Its place stays taken until the
 * engine has ended the work, which may be after the answer has ended or the reader has left.
 */
export async function* runTurn(
  { engine, deadlines }: TurnRunner,
  turn: Turn,
  { reservation, loadItems, owner, asked, onAdmitted, signal, controller }: RunTurnOptions,
): AsyncGenerator<readonly TurnEvent[]> {
  const started = Promise.withResolvers<StartedTurn>();
  const work = withDeadlines(deadlines, controller, async (clock) => {
    await reservation.run(signal, async () => {
      onAdmitted?.();
      clock.begin('start');
      clock.begin('turn');
      const items = await loadItems(turn.items, signal);
      // Codex is well while it serves others first: the deadline begins again when they are done.
      const onQueue = (isWaiting: boolean) => (isWaiting ? clock.end('start') : clock.begin('start'));
      const { events, ended } = engine.runTurn({ ...turn, items }, signal, { owner, onQueue, asked });
      started.resolve({ events, clock });
      await ended;
    });
  });
  work.catch(started.reject);
  const { events, clock } = await abortable(started.promise, signal);
  try {
    for await (const batch of events) {
      meetDeadlines(batch, clock);
      yield batch;
    }
  } finally {
    clock.endAll();
  }
}

function meetDeadlines(batch: readonly TurnEvent[], clock: DeadlineClock): void {
  if (batch[0]?.type === 'turn-start') clock.replace('start', 'firstByte');
  if (batch.at(-1)?.type !== 'turn-start') clock.end('firstByte');
}
