import { expect, it } from 'vitest';
import { metadataSchema } from '../../src/openai/metadata.ts';

const pairs = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`key${i}`, 'value']));
const isMetadata = (value: unknown) => metadataSchema.safeParse(value).success;

it.each([
  ['nothing', {}],
  ['16 pairs', pairs(16)],
  ['a long key', { ['k'.repeat(64)]: 'a' }],
  ['a long value', { a: 'v'.repeat(512) }],
  ['an empty value', { a: '' }],
])('metadata may be %s', (_name, value) => {
  expect(isMetadata(value)).toBe(true);
});

it.each([
  ['17 pairs', pairs(17)],
  ['a longer key', { ['k'.repeat(65)]: 'a' }],
  ['a longer value', { a: 'v'.repeat(513) }],
  ['a number', { a: 1 }],
  ['a list', ['a']],
  ['a text', 'a'],
])('metadata may not be %s', (_name, value) => {
  expect(isMetadata(value)).toBe(false);
});
