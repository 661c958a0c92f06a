import { tap } from '../base/async/tap.ts';
import type { AnswerBatch, AnswerEvent } from '../conversation/turn-event.ts';
import { addUsage, type Usage } from '../conversation/usage.ts';
import type { Answer } from './gateway.ts';

/** Follows how an answer goes. */
export interface AnswerWatch {
  /** Called with the first event that shows a client something. */
  onFirst(): void;
  /** Called with the tokens of all turns that have ended. */
  onUsage(usage: Usage): void;
}

/** Events that show a client something. */
const SHOWN: ReadonlySet<AnswerEvent['type']> = new Set<AnswerEvent['type']>([
  'text-delta',
  'reasoning-delta',
  'tool-call',
  'passthrough-item',
]);

/** Returns the answer with events that are reported to the watch as they are read. */
export function watchAnswer(answer: Answer, watch: AnswerWatch): Answer {
  let isSilent = true;
  let total: Usage | null = null;
  function note({ events }: AnswerBatch): void {
    if (isSilent && events.some(({ type }) => SHOWN.has(type))) {
      isSilent = false;
      watch.onFirst();
    }
    const end = events.at(-1);
    if (end?.type !== 'turn-end' || end.usage === null) return;
    total = addUsage(total, end.usage);
    watch.onUsage(total);
  }
  return { ...answer, events: tap(answer.events, note) };
}
