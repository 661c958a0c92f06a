import { GatewayError } from '../../base/errors.ts';
import type { AnswerBatch } from '../../conversation/turn-event.ts';
import type { TurnRequest } from '../../conversation/turn-request.ts';
import type { Turn } from '../../conversation/turn.ts';
import type { Usage } from '../../conversation/usage.ts';
import { instruct, INSTRUCTIONS } from '../answer/instructions.ts';

export interface Summary {
  readonly text: string;
  /** Null if the provider did not count. */
  readonly usage: Usage | null;
}

/** Returns the request for a text that takes the place of a conversation. */
export function askForSummary(turn: Turn): TurnRequest {
  return {
    turn: { ...turn, items: [...turn.items, instruct(INSTRUCTIONS.summary)], initiator: 'agent' },
    n: 1,
    callRequired: undefined,
    format: { type: 'text' },
    stop: [],
    maxTokens: undefined,
  };
}

/**
 * Reads the summary. Throws if it is missing or incomplete: taking it would lose the conversation. `checkSize` is called with
 * all events and may throw.
 */
export async function readSummary(
  batches: AsyncIterable<AnswerBatch>,
  checkSize: (events: AnswerBatch['events']) => void,
): Promise<Summary> {
  let text = '';
  for await (const { events } of batches) {
    checkSize(events);
    for (const event of events) if (event.type === 'text-delta') text += event.text;
    const end = events.at(-1);
    if (end?.type !== 'turn-end') continue;
    if (end.reason === 'stop' && text.trim() !== '') return { text, usage: end.usage };
  }
  throw new GatewayError(
    'invalid_answer',
    'The model gave no complete summary of the conversation. Try again.',
  );
}
