import { expect, it } from 'vitest';
import { formatLogLine } from '../../../src/app/background/format-log-line.ts';

it('a line in JSON is shown to people with its day', () => {
  const time = new Date(2026, 10, 29, 14, 3, 11).toISOString();
  const line = JSON.stringify({ level: 40, time, method: 'open', ms: 1047, msg: 'the store is slow' });
  expect(formatLogLine(line)).toBe('2026-11-29 14:03:11  WARN  the store is slow  method: open  ms: 1047');
});

it.each(['Stopping (SIGTERM).', '{', '{"a":1}', 'FATAL ERROR: out of memory', ''])(
  'a line that is none of those stays what it is: %j',
  (line) => expect(formatLogLine(line)).toBe(line),
);

it('a line cannot obey the terminal', () => {
  const line = JSON.stringify({ level: 30, time: new Date().toISOString(), msg: 'a\u001B[31mb' });
  expect(formatLogLine(line)).toContain('a?[31mb');
});
