import { createId } from '../../base/ids.ts';

/** What every chunk of one completion repeats. */
export interface Envelope {
  readonly id: string;
  /** Unix seconds. */
  readonly created: number;
  /** As the caller asked for it. */
  readonly model: string;
}

/** The prefix of the id tells the kind of completion. */
export function createEnvelope(prefix: 'chatcmpl-' | 'cmpl-', model: string): Envelope {
  return { id: createId(prefix), created: Math.floor(Date.now() / 1000), model };
}

/** An answer about to be written. */
export interface Writing<Event> {
  readonly envelope: Envelope;
  /** The one that the turns ran with. */
  readonly serviceTier: string;
  /** Of the answer with the index, from 0. */
  readonly events: AsyncIterable<{ readonly index: number; readonly value: Event }>;
}
