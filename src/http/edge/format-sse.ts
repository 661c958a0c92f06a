import type { SseFrame } from '../../openai/vocabulary/sse-frame.ts';

/** One server-sent event as text. A line break in the data starts a further data line. */
export function formatSse({ event, data }: SseFrame): string {
  const name = event === undefined ? '' : `event: ${event}\n`;
  const lines = data.split(/\r\n|\r|\n/).map((line) => `data: ${line}\n`);
  return `${name}${lines.join('')}\n`;
}

/** A comment, which every parser skips. (Not `: ping`, which one client takes for the end.) */
export const KEEP_ALIVE = ': keepalive\n\n';
