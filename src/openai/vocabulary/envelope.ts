import { createId } from '../../base/ids.ts';
import type { AnswerBatch } from '../../conversation/turn-event.ts';

/** Fields that every chunk of one completion repeats. */
export interface Envelope {
  readonly id: string;
  /** Unix seconds. */
  readonly created: number;
  /** The model as the request names it. */
  readonly model: string;
}

/** Creates the envelope of a completion, whose kind the prefix of its id shows. */
export function createEnvelope(prefix: 'chatcmpl-' | 'cmpl-', model: string): Envelope {
  return { id: createId(prefix), created: Math.floor(Date.now() / 1000), model };
}

/** An answer to encode as a completion, chat or text. */
export interface CompletionAnswer {
  readonly envelope: Envelope;
  /** The tier that the turns ran with. */
  readonly serviceTier: string;
  /** Events of all choices, in batches of one choice each. */
  readonly events: AsyncIterable<AnswerBatch>;
}
