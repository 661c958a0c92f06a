import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { createNotificationRouter } from '../../../src/codex/protocol/notification-router.ts';

const TRANSCRIPTS = new URL('../transcripts/', import.meta.url);

/** Lines of the real app-server, as they came. */
const lines = readdirSync(TRANSCRIPTS)
  .filter((name) => name.endsWith('.ndjson'))
  .flatMap((name) => readFileSync(new URL(name, TRANSCRIPTS), 'utf8').trim().split('\n'));

const isEcho = (line: string) => line.includes('"turnId":"auto-compact-0"');
const threadOf = (line: string) => (JSON.parse(line) as { params: { threadId: string } }).params.threadId;
const LISTENER = { onNotification: () => {}, onClose: () => {} };

it('skips the echo of injected items and reads every other line', () => {
  const { judge } = createNotificationRouter();
  expect(lines.filter(isEcho).length).toBeGreaterThan(1);
  for (const line of lines) expect(judge(line.slice(0, 256))).toBe(isEcho(line) ? 'unread' : 'whole');
});

it('reads the echo with abbreviated strings while a listener wants it', () => {
  const { judge, listen } = createNotificationRouter();
  const echo = lines.find(isEcho)!;
  const stop = listen(threadOf(echo), { ...LISTENER, hearsEcho: true });
  expect(judge(echo.slice(0, 256))).toBe('abbreviated');
  stop();
  expect(judge(echo.slice(0, 256))).toBe('unread');
  listen(threadOf(echo), LISTENER);
  expect(judge(echo.slice(0, 256))).toBe('unread');
});
