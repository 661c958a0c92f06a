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
])('by %j is meant %j', (word, meant) => {
  expect(closest(word, NAMES)).toBe(meant);
});

it.each(['', 'x', 'chat', 'x'.repeat(10_000)])('by %j nothing is meant', (word) => {
  expect(closest(word, NAMES)).toBeUndefined();
});
