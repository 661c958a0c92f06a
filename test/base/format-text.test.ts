import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { excerpt } from '../../src/base/excerpt.ts';
import { formatTime, shellQuote } from '../../src/base/format-text.ts';

it.each(['plain', '', 'two words', "it's", '$HOME `id` "x" \\', 'a\nb', '*'])(
  'quotes %j so that a shell reads it as one word',
  (text) => {
    expect(execFileSync('sh', ['-c', `printf %s ${shellQuote(text)}`], { encoding: 'utf8' })).toBe(text);
  },
);

it('leaves words without special characters unquoted', () => {
  expect(shellQuote('/usr/bin/node-24_x:a=b@c%d,e+f')).toBe('/usr/bin/node-24_x:a=b@c%d,e+f');
});

it('formats a time in the local time zone', () => {
  expect(formatTime(new Date(2026, 0, 2, 3, 4).getTime())).toBe('2026-01-02 03:04');
});

it('shortens a long text without splitting a character', () => {
  expect(excerpt('short')).toBe('short');
  expect(excerpt('abcdef', 3)).toBe('abc…');
  expect(excerpt('ab😀cd', 3)).toBe('ab\uFFFD…');
});
