import { createId } from '../../base/ids.ts';

/** What every chunk of one answer repeats. */
export interface Envelope {
  readonly id: string;
  /** Unix seconds. */
  readonly created: number;
  /** As the caller asked for it. */
  readonly model: string;
}

export function createEnvelope(model: string): Envelope {
  return { id: createId('chatcmpl-'), created: Math.floor(Date.now() / 1000), model };
}

/** An answer about to be written. */
export interface Writing<Event> {
  readonly envelope: Envelope;
  /** The one that the turns ran with. */
  readonly serviceTier: string;
  /** Of the answer with the index, from 0. */
  readonly events: AsyncIterable<{ readonly index: number; readonly value: Event }>;
}
