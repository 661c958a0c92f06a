import type { ItemPlace, OpenItem } from './open-item.ts';
import type { EventDraft } from './response-event.ts';

export interface ReasoningWriter extends OpenItem {
  /** A piece of the summary. A paragraph with another key than the one before begins a part of its own. */
  append(text: string, paragraph: string): EventDraft[];
  /** Takes up what the provider has sealed. */
  seal(encrypted: string | undefined): void;
}

/** What the model thought: a summary of any number of parts, and what the provider has sealed. */
export function openReasoning(
  given: string | undefined,
  { outputIndex, createId }: ItemPlace,
): ReasoningWriter {
  const id = given ?? createId('reasoning');
  const texts: string[] = [];
  let open: string | undefined;
  let sealed: string | undefined;

  const place = (index: number) => ({ item_id: id, output_index: outputIndex, summary_index: index });
  const encodePart = (text: string) => ({ type: 'summary_text', text });
  const encodeItem = (status: string) => ({
    id,
    type: 'reasoning',
    status,
    summary: texts.map(encodePart),
    ...(sealed !== undefined && { encrypted_content: sealed }),
  });

  function beginPart(paragraph: string): EventDraft[] {
    const before = endPart();
    open = paragraph;
    texts.push('');
    const part = encodePart('');
    return [...before, { type: 'response.reasoning_summary_part.added', ...place(texts.length - 1), part }];
  }

  function endPart(): EventDraft[] {
    if (open === undefined) return [];
    open = undefined;
    const index = texts.length - 1;
    const text = texts[index] ?? '';
    return [
      { type: 'response.reasoning_summary_text.done', ...place(index), text },
      { type: 'response.reasoning_summary_part.done', ...place(index), part: encodePart(text) },
    ];
  }

  return {
    open: () => [
      { type: 'response.output_item.added', output_index: outputIndex, item: encodeItem('in_progress') },
    ],
    append(delta, paragraph) {
      const begin = paragraph === open ? [] : beginPart(paragraph);
      const index = texts.length - 1;
      texts[index] += delta;
      return [...begin, { type: 'response.reasoning_summary_text.delta', ...place(index), delta }];
    },
    seal(encrypted) {
      sealed = encrypted;
    },
    close: endPart,
    encode: encodeItem,
  };
}
