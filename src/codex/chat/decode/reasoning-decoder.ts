import type { ResponseItem } from '../../../../generated/ResponseItem.js';
import type { TurnEvent } from '../../../conversation/turn-event.ts';

type Reasoning = Extract<ResponseItem, { type: 'reasoning' }>;

/** Puts a model's reasoning summary together: paragraphs, each of which comes in deltas, or whole. */
export interface ReasoningDecoder {
  /** A piece of reasoning begins; its id may be that of one before. */
  begin(itemId: string): TurnEvent[];
  delta(itemId: string, paragraph: number, text: string): TurnEvent[];
  /** What no delta has brought of an item that is complete. */
  complete(itemId: string, paragraphs: readonly string[]): TurnEvent[];
  /** What the provider wants to have back of an item that is complete, which its raw form tells alone. */
  end(item: Reasoning): TurnEvent[];
}

export function createReasoningDecoder(): ReasoningDecoder {
  /** How much of each paragraph has gone out, in UTF-16 code units, by item id. */
  const sent = new Map<string, number[]>();

  function sentOf(itemId: string): number[] {
    const lengths = sent.get(itemId) ?? [];
    sent.set(itemId, lengths);
    return lengths;
  }

  function delta(itemId: string, paragraph: number, text: string): TurnEvent[] {
    if (text === '') return [];
    const lengths = sentOf(itemId);
    lengths[paragraph] = (lengths[paragraph] ?? 0) + text.length;
    return [{ type: 'reasoning-delta', text, paragraph: `${itemId}/${paragraph}`, id: itemId }];
  }

  return {
    begin(itemId) {
      sent.delete(itemId);
      return [{ type: 'progress' }];
    },
    delta,
    complete: (itemId, paragraphs) =>
      paragraphs.flatMap((text, index) => delta(itemId, index, text.slice(sentOf(itemId)[index] ?? 0))),
    end: ({ id, encrypted_content: encrypted }) => [
      { type: 'reasoning-end', id: id ?? undefined, encrypted: encrypted ?? undefined },
    ],
  };
}
