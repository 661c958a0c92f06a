import type { Citation } from '../../conversation/turn-event.ts';

/** One entry of `annotations`. */
export function encodeCitation({ url, title, start, end }: Citation): object {
  return { type: 'url_citation', url_citation: { start_index: start, end_index: end, title, url } };
}
