import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { createEchoLines } from '../../../../src/codex/chat/profile/echo-lines.ts';

const TRANSCRIPTS = new URL('../../transcripts/', import.meta.url);

/** Lines of the real app-server, as they came. */
const lines = readdirSync(TRANSCRIPTS)
  .filter((name) => name.endsWith('.ndjson'))
  .flatMap((name) => readFileSync(new URL(name, TRANSCRIPTS), 'utf8').trim().split('\n'));

const isEcho = (line: string) => line.includes('"turnId":"auto-compact-0"');
const threadOf = (line: string) => (JSON.parse(line) as { params: { threadId: string } }).params.threadId;

it('skips the echo of injected items and parses every other line', () => {
  const { classify } = createEchoLines();
  expect(lines.filter(isEcho).length).toBeGreaterThan(1);
  for (const line of lines) expect(classify(line.slice(0, 256))).toBe(isEcho(line) ? 'skip' : 'parse');
});

it('reads the echo with abbreviated strings while its thread wants it', () => {
  const { classify, read } = createEchoLines();
  const echo = lines.find(isEcho)!;
  const head = echo.slice(0, 256);
  const stop = read(threadOf(echo));
  expect(classify(head)).toMatchObject({ add: expect.any(Function) as unknown });
  stop();
  expect(classify(head)).toBe('skip');
  read('another');
  expect(classify(head)).toBe('skip');
});
