import type { TurnEvent } from '../conversation/turn-event.ts';

/** Puts a model's reasoning summary together: paragraphs, each of which comes in deltas, or whole. */
export interface ReasoningDecoder {
  delta(itemId: string, paragraph: number, text: string): TurnEvent[];
  /** What no delta has brought of an item that is complete. */
  complete(itemId: string, paragraphs: readonly string[]): TurnEvent[];
}

export function createReasoningDecoder(): ReasoningDecoder {
  /** How much of each paragraph has gone out, in UTF-16 code units. */
  const sent = new Map<string, number>();
  let last: string | undefined;

  function delta(itemId: string, paragraph: number, text: string): TurnEvent[] {
    if (text === '') return [];
    const key = `${itemId}/${paragraph}`;
    const gap = last === undefined || last === key ? '' : '\n\n';
    last = key;
    sent.set(key, (sent.get(key) ?? 0) + text.length);
    return [{ type: 'reasoning-delta', text: `${gap}${text}` }];
  }

  return {
    delta,
    complete: (itemId, paragraphs) =>
      paragraphs.flatMap((text, index) =>
        delta(itemId, index, text.slice(sent.get(`${itemId}/${index}`) ?? 0)),
      ),
  };
}
