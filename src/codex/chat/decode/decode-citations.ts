import { z } from 'zod';
import type { ContentItem } from '../../../../generated/ContentItem.js';
import type { Citation } from '../../../conversation/turn-event.ts';

const citationSchema = z.object({
  type: z.literal('url_citation'),
  url: z.string(),
  title: z.string().catch(''),
  start_index: z.number(),
  end_index: z.number(),
});

/** The `url_citation`s of a raw message, which begins at `offset` of the answer's text; what is no such thing is left out. */
export function decodeCitations(content: readonly ContentItem[], offset: number): Citation[] {
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
