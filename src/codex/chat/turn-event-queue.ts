import { GatewayError } from '../../base/errors.ts';
import { createEventQueue, type EventQueue } from '../../base/async/event-queue.ts';
import type { TurnRun } from '../../conversation/ports/engine.ts';
import type { Diagnose } from '../home/diagnose-provider.ts';
import { sizeOf, type TurnEvent } from '../../conversation/turn-event.ts';

/** Most characters that wait for a caller who does not read; the app-server itself would keep any number of them. */
const MAX_UNREAD_CHARACTERS = 16 * 1024 * 1024;

/** Events that come in great numbers, shortly after one another. */
const DELTAS: ReadonlySet<TurnEvent['type']> = new Set<TurnEvent['type']>([
  'text-delta',
  'commentary-delta',
  'reasoning-delta',
]);

export type TurnEventQueue = EventQueue<TurnEvent>;

export interface TurnRunOptions {
  readonly signal: AbortSignal;
  /** Returns the error that the reader sees, also in place of the reason of an abort. */
  explain(error: unknown): unknown;
  /** Finds out more about an error before the reader sees it; returns undefined if there is nothing to find. */
  readonly diagnose: Diagnose;
  /** Puts the events of the turn into the queue. */
  work(events: TurnEventQueue): Promise<void>;
}

/**
 * Starts the work of a turn. An abort ends the events, even if the work is still under way, and so does an error of the work;
 * the reader first gets the events that are waiting.
 */
export function startTurnRun({ signal, explain, diagnose, work }: TurnRunOptions): TurnRun {
  const queue = createEventQueue<TurnEvent>({
    capacity: MAX_UNREAD_CHARACTERS,
    sizeOf,
    canWait: (event) => DELTAS.has(event.type),
    onFull: () =>
      new GatewayError('client_too_slow', 'The client read the stream too slowly; the turn was interrupted.'),
  });
  const events: TurnEventQueue = {
    ...queue,
    fail(failure) {
      const diagnosis = diagnose(failure);
      if (diagnosis) diagnosis.then(queue.fail, () => queue.fail(explain(failure)));
      else queue.fail(explain(failure));
    },
  };
  const onAbort = () => queue.fail(explain(signal.reason));
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  const ended = work(events)
    .catch(events.fail)
    .finally(() => signal.removeEventListener('abort', onAbort));
  return { events, ended };
}
