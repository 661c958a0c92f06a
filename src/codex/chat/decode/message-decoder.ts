import { z } from 'zod';
import type { ContentItem } from '../../../../generated/ContentItem.js';
import type { MessagePhase } from '../../../../generated/MessagePhase.js';
import type { Citation, TurnEvent } from '../../../conversation/turn-event.ts';
import { createOpenItems } from './open-items.ts';

/**
 * Assembles the text of a model's messages, which comes in deltas, complete, or partly in each way; adds their events to an
 * array.
 */
export interface MessageDecoder {
  /** Begins a message. A message without a phase is the answer. */
  begin(itemId: string, phase: MessagePhase | null | undefined, events: TurnEvent[]): void;
  delta(itemId: string, text: string, events: TurnEvent[]): void;
  /** Adds the rest of a complete message: the text that came in no delta. */
  complete(itemId: string, text: string, events: TurnEvent[]): void;
  /** Adds the citations of a message, which only its raw form has; its text has been sent by then. */
  cite(content: readonly ContentItem[], events: TurnEvent[]): void;
  /** True once any text has been sent. */
  readonly hasText: boolean;
}

export function createMessageDecoder(): MessageDecoder {
  const open = createOpenItems();
  /** UTF-16 code units of each message that have been sent, by the id with which it began. */
  const sent = new Map<string, number>();
  /** Ids of the messages in which the model comments on its work. */
  const commentary = new Set<string>();
  let total = 0;

  function append(itemId: string, text: string, events: TurnEvent[]): void {
    if (text === '') return;
    sent.set(itemId, (sent.get(itemId) ?? 0) + text.length);
    total += text.length;
    events.push({ type: commentary.has(itemId) ? 'commentary-delta' : 'text-delta', text });
  }

  return {
    begin(itemId, phase, events) {
      // Some providers number their messages from the start in each answer of a turn.
      sent.delete(itemId);
      open.begin(itemId);
      if (phase === 'commentary') commentary.add(itemId);
      else commentary.delete(itemId);
      const known = phase === 'commentary' || phase === 'final_answer' ? phase : undefined;
      events.push({ type: 'message-start', phase: known });
    },
    delta: (itemId, text, events) => append(open.find(itemId), text, events),
    complete(itemId, text, events) {
      const begun = open.end(itemId);
      append(begun, text.slice(sent.get(begun) ?? 0), events);
    },
    cite(content, events) {
      const texts = content.map((part) => (part.type === 'output_text' ? part.text : ''));
      events.push(...decodeCitations(content, total - texts.join('').length));
    },
    get hasText() {
      return total > 0;
    },
  };
}

const citationSchema = z.object({
  type: z.literal('url_citation'),
  url: z.string(),
  title: z.string().catch(''),
  start_index: z.number(),
  end_index: z.number(),
});

/** Decodes the `url_citation`s of a raw message that begins at `offset` in the answer's text; skips other annotations. */
function decodeCitations(content: readonly ContentItem[], offset: number): Citation[] {
  return content.flatMap((part) => {
    const annotations = part.type === 'output_text' ? (part.annotations ?? []) : [];
    return annotations.flatMap((annotation) => {
      const { data } = citationSchema.safeParse(annotation);
      if (!data) return [];
      const { url, title, start_index: start, end_index: end } = data;
      return [{ type: 'citation', url, title, start: start + offset, end: end + offset } as const];
    });
  });
}
