import { expect, it } from 'vitest';
import { exactJson, isJsonObject, withoutUndefined } from '../../src/base/json.ts';

it('takes only objects for JSON objects', () => {
  expect([{}, { a: 1 }].every(isJsonObject)).toBe(true);
  expect([[], null, 'a', 1, undefined].some(isJsonObject)).toBe(false);
});

it('drops keys whose value is undefined and keeps null', () => {
  expect(Object.entries(withoutUndefined({ a: undefined, b: null, c: 0 }))).toEqual([
    ['b', null],
    ['c', 0],
  ]);
});

it('reads and writes numbers in their original spelling', () => {
  const sources: (string | undefined)[] = [];
  exactJson.parse('[1.0, 12345678901234567890]', (_key, value, { source }) => {
    sources.push(source);
    return value;
  });
  expect(sources.slice(0, 2)).toEqual(['1.0', '12345678901234567890']);
  expect(JSON.stringify([exactJson.rawJSON('1.0')])).toBe('[1.0]');
});
