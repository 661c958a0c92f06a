import type { TurnEvent } from '../../conversation/turn-event.ts';
import type { Batch, EventStage } from './stage.ts';

/**
 * Passes on as text what a model says of its work on the way to its answer; as reasoning where the answer's text must be
 * JSON.
 */
export function placeCommentary(isText: boolean): EventStage {
  return isText ? placeInText : createCommentaryMover();
}

function placeInText(batch: Batch): Batch {
  return batch.some(({ type }) => type === 'commentary-delta') ? batch.map(toText) : batch;
}

function toText(event: TurnEvent): TurnEvent {
  return event.type === 'commentary-delta' ? { type: 'text-delta', text: event.text } : event;
}

/** Moves commentary to the reasoning, drops its citations, and shifts those of the text that is left. */
function createCommentaryMover(): EventStage {
  /** Number of characters that are no longer part of the text. */
  let moved = 0;
  let isCommentary = false;

  function move(event: TurnEvent): TurnEvent[] {
    if (event.type === 'message-start') isCommentary = event.phase === 'commentary';
    if (event.type === 'commentary-delta') {
      moved += event.text.length;
      return [{ type: 'reasoning-delta', text: event.text, paragraph: 'commentary' }];
    }
    if (event.type !== 'citation') return [event];
    return isCommentary ? [] : [{ ...event, start: event.start - moved, end: event.end - moved }];
  }

  return (batch) => batch.flatMap(move);
}
