import type { ResponseItem } from '../../../../generated/ResponseItem.js';
import type { TurnEvent } from '../../../conversation/turn-event.ts';
import { createOpenItems, type OpenItems } from './open-items.ts';

type Reasoning = Extract<ResponseItem, { type: 'reasoning' }>;

/** Assembles the paragraphs of a model's reasoning summary, which come in deltas or complete; adds their events to an array. */
export interface ReasoningDecoder {
  /** Begins a reasoning item, whose id may be that of an earlier one. */
  begin(itemId: string, events: TurnEvent[]): void;
  delta(itemId: string, paragraph: number, text: string, events: TurnEvent[]): void;
  /** Adds the text of a complete item that did not come in deltas. */
  complete(itemId: string, paragraphs: readonly string[], events: TurnEvent[]): void;
  /** Adds the data of a complete item that the provider wants back, which only its raw form has. */
  end(item: Reasoning, events: TurnEvent[]): void;
}

export function createReasoningDecoder(): ReasoningDecoder {
  /** Items whose text is not complete. */
  const openTexts = createOpenItems();
  /** Items whose raw form has not come. */
  const openItems = createOpenItems();
  /** UTF-16 code units of each paragraph that have been sent, by item id. */
  const sent = new Map<string, number[]>();

  function sentOf(itemId: string): number[] {
    const lengths = sent.get(itemId) ?? [];
    sent.set(itemId, lengths);
    return lengths;
  }

  /** Ends an item; returns the id under which its text was sent, or else its last id, to which its sealed content belongs. */
  function end(open: OpenItems, itemId: string): string {
    const begun = open.end(itemId);
    return sent.has(begun) ? begun : itemId;
  }

  function append(itemId: string, paragraph: number, text: string, events: TurnEvent[]): void {
    if (text === '') return;
    const lengths = sentOf(itemId);
    lengths[paragraph] = (lengths[paragraph] ?? 0) + text.length;
    events.push({ type: 'reasoning-delta', text, paragraph: `${itemId}/${paragraph}`, id: itemId });
  }

  return {
    begin(itemId, events) {
      sent.delete(itemId);
      openTexts.begin(itemId);
      openItems.begin(itemId);
      events.push({ type: 'progress' });
    },
    delta: (itemId, ...further) => append(openTexts.find(itemId), ...further),
    complete(itemId, paragraphs, events) {
      const id = end(openTexts, itemId);
      for (const [index, text] of paragraphs.entries())
        append(id, index, text.slice(sentOf(id)[index] ?? 0), events);
    },
    end({ id: itemId, encrypted_content: encrypted }, events) {
      const id = itemId === null || itemId === undefined ? undefined : end(openItems, itemId);
      events.push({ type: 'reasoning-end', id, encrypted: encrypted ?? undefined });
    },
  };
}
