import type { JsonObject } from '../../../base/json.ts';
import type { MessagePhase } from '../../../conversation/item.ts';
import type { Citation } from '../../../conversation/turn-event.ts';
import type { ItemPlace, OpenItem } from './open-item.ts';
import type { EventDraft } from './response-event.ts';

export interface MessageWriter extends OpenItem {
  append(text: string): EventDraft[];
  cite(citation: Citation): EventDraft[];
}

interface MessageOptions {
  readonly phase: MessagePhase | undefined;
  /** Where its text begins in the text of the whole answer. */
  readonly offset: number;
}

/** A message of one part, which is a text. */
export function openMessage(
  { outputIndex, createId }: ItemPlace,
  { phase, offset }: MessageOptions,
): MessageWriter {
  const id = createId('message');
  const place = { item_id: id, output_index: outputIndex, content_index: 0 };
  const annotations: JsonObject[] = [];
  let text = '';

  const encodePart = () => ({ type: 'output_text', text, annotations: [...annotations], logprobs: [] });
  const encodeItem = (status: string, content: readonly object[]) => ({
    id,
    type: 'message',
    status,
    role: 'assistant',
    ...(phase && { phase }),
    content,
  });

  return {
    open: () => [
      {
        type: 'response.output_item.added',
        output_index: outputIndex,
        item: encodeItem('in_progress', []),
      },
      { type: 'response.content_part.added', ...place, part: encodePart() },
    ],
    append(delta) {
      text += delta;
      return [{ type: 'response.output_text.delta', ...place, delta, logprobs: [] }];
    },
    cite({ url, title, start, end }) {
      // What it is about may have been cut, or be said by a message before.
      if (start < offset || end > offset + text.length) return [];
      const annotation = {
        type: 'url_citation',
        url,
        title,
        start_index: start - offset,
        end_index: end - offset,
      };
      annotations.push(annotation);
      return [
        {
          type: 'response.output_text.annotation.added',
          ...place,
          annotation_index: annotations.length - 1,
          annotation,
        },
      ];
    },
    close: () => [
      { type: 'response.output_text.done', ...place, text, logprobs: [] },
      { type: 'response.content_part.done', ...place, part: encodePart() },
    ],
    encode: (status) => encodeItem(status, [encodePart()]),
  };
}
