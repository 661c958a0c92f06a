import { expect, it } from 'vitest';
import { closest } from '../../src/base/closest.ts';

const NAMES = ['serve', 'login', 'show', 'token', 'models', 'doctor', 'logLevel', 'firstByte'];

it.each([
  ['tokne', 'token'],
  ['model', 'models'],
  ['log-level', 'logLevel'],
  ['log_levle', 'logLevel'],
  ['firstbyte', 'firstByte'],
  ['Serv', 'serve'],
])('finds that %j is closest to %j', (word, meant) => {
  expect(closest(word, NAMES)).toBe(meant);
});

it.each([
  ['an empty word', ''],
  ['a single letter', 'x'],
  ['an unrelated word', 'chat'],
  ['a very long word', 'x'.repeat(10_000)],
])('finds no name close to %s', (_what, word) => {
  expect(closest(word, NAMES)).toBeUndefined();
});
