import type { SseFrame } from '../../openai/vocabulary/sse-frame.ts';

/** Returns one server-sent event as text. Each line of the data becomes a `data:` line. */
export function formatSse({ id, event, data }: SseFrame): string {
  const idLine = id === undefined ? '' : `id: ${checkId(id)}\n`;
  const eventLine = event === undefined ? '' : `event: ${event}\n`;
  return `${idLine}${eventLine}${formatData(data)}\n`;
}

/** Splits only data with line breaks; JSON has none. */
function formatData(data: string): string {
  if (!/[\r\n]/.test(data)) return `data: ${data}\n`;
  const lines = data.split(/\r\n|\r|\n/).map((line) => `data: ${line}\n`);
  return lines.join('');
}

/** A comment, which every parser skips. (Not `: ping`: one client takes that for the end of the stream.) */
export const KEEP_ALIVE = ': keepalive\n\n';

/** Throws for an id that would break its line, or that parsers ignore because of a null character. */
function checkId(id: string): string {
  // oxlint-disable-next-line no-control-regex
  if (/[\r\n\0]/.test(id))
    throw new TypeError('The id of a server-sent event contains a line break or a null character.');
  return id;
}
