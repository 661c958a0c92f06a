import type { ResponseItem } from '../../../../generated/ResponseItem.js';
import type { TurnEvent } from '../../../conversation/turn-event.ts';

type Reasoning = Extract<ResponseItem, { type: 'reasoning' }>;

/** Assembles the paragraphs of a model's reasoning summary, which come in deltas or complete. */
export interface ReasoningDecoder {
  /** Begins a reasoning item, whose id may be that of an earlier one. */
  begin(itemId: string): TurnEvent[];
  delta(itemId: string, paragraph: number, text: string): TurnEvent[];
  /** Returns the text of a complete item that did not come in deltas. */
  complete(itemId: string, paragraphs: readonly string[]): TurnEvent[];
  /** Returns the data of a complete item that the provider wants back, which only its raw form has. */
  end(item: Reasoning): TurnEvent[];
}

export function createReasoningDecoder(): ReasoningDecoder {
  /** UTF-16 code units of each paragraph that have been sent, by item id. */
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
