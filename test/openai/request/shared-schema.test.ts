import { expect, it } from 'vitest';
import { metadataSchema } from '../../../src/openai/request/shared-schema.ts';

const pairs = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`key${i}`, 'value']));
const isMetadata = (value: unknown) => metadataSchema.safeParse(value).success;

it.each([
  ['empty', {}],
  ['16 pairs', pairs(16)],
  ['a key of 64 characters', { ['k'.repeat(64)]: 'a' }],
  ['a value of 512 characters', { a: 'v'.repeat(512) }],
  ['an empty value', { a: '' }],
])('accepts metadata that is or has %s', (_name, value) => {
  expect(isMetadata(value)).toBe(true);
});

it.each([
  ['17 pairs', pairs(17)],
  ['a key of 65 characters', { ['k'.repeat(65)]: 'a' }],
  ['a value of 513 characters', { a: 'v'.repeat(513) }],
  ['a number as a value', { a: 1 }],
  ['a list', ['a']],
  ['a string', 'a'],
])('refuses metadata that is or has %s', (_name, value) => {
  expect(isMetadata(value)).toBe(false);
});
