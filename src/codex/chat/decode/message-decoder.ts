import type { ContentItem } from '../../../../generated/ContentItem.js';
import type { MessagePhase } from '../../../../generated/MessagePhase.js';
import type { TurnEvent } from '../../../conversation/turn-event.ts';
import { decodeCitations } from './decode-citations.ts';

/** Puts the text of a model's messages together, which come in deltas, or whole, or in part each. */
export interface MessageDecoder {
  /** A message begins; where nothing says what it is, it is the answer. */
  begin(itemId: string, phase: MessagePhase | null | undefined): TurnEvent[];
  delta(itemId: string, text: string): TurnEvent[];
  /** What no delta has brought of a message that is complete. */
  complete(itemId: string, text: string): TurnEvent[];
  /** What a message cites, which its raw form tells alone; its text has gone out by then. */
  cite(content: readonly ContentItem[]): TurnEvent[];
  /** Whether any text has gone out. */
  readonly hasSpoken: boolean;
}

export function createMessageDecoder(): MessageDecoder {
  /** How much of each message has gone out, in UTF-16 code units, by item id. */
  const sent = new Map<string, number>();
  /** Messages in which the model talks of its work. */
  const commentary = new Set<string>();
  let total = 0;

  function delta(itemId: string, text: string): TurnEvent[] {
    if (text === '') return [];
    sent.set(itemId, (sent.get(itemId) ?? 0) + text.length);
    total += text.length;
    return [{ type: commentary.has(itemId) ? 'commentary-delta' : 'text-delta', text }];
  }

  return {
    begin(itemId, phase) {
      // Some providers count their messages anew with each answer of a turn.
      sent.delete(itemId);
      if (phase === 'commentary') commentary.add(itemId);
      else commentary.delete(itemId);
      const told = phase === 'commentary' || phase === 'final_answer' ? phase : undefined;
      return [{ type: 'message-start', phase: told }];
    },
    delta,
    complete: (itemId, text) => delta(itemId, text.slice(sent.get(itemId) ?? 0)),
    cite(content) {
      const texts = content.map((part) => (part.type === 'output_text' ? part.text : ''));
      return decodeCitations(content, total - texts.join('').length);
    },
    get hasSpoken() {
      return total > 0;
    },
  };
}
