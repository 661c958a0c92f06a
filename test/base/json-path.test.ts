import { expect, it } from 'vitest';
import { findTooDeep, formatPath, maskPath } from '../../src/base/json-path.ts';

it.each([
  [[], ''],
  [['model'], 'model'],
  [['messages', 2, 'content', 0, 'text'], 'messages[2].content[0].text'],
])('formats the path %j as "%s"', (path, text) => {
  expect(formatPath(path)).toBe(text);
});

it('finds the first value that is nested deeper than the limit', () => {
  expect(findTooDeep({ a: 1, b: [{ c: {} }] }, 3)).toEqual(['b', 0, 'c']);
  expect(findTooDeep({ a: 1, b: [{ c: {} }] }, 4)).toBeUndefined();
  expect(findTooDeep('text', 0)).toBeUndefined();
});

it('searches a document a million levels deep without a stack overflow', () => {
  const depth = 1_000_000;
  expect(findTooDeep(JSON.parse('['.repeat(depth) + ']'.repeat(depth)), 64)).toHaveLength(64);
});

it.each([
  ['messages[2].content', 'messages[2].content'],
  ['metadata.my secret[0]', 'metadata.*[0]'],
  ['[x].y', '[*].*'],
])('masks unknown keys in the path %s', (path, masked) => {
  expect(maskPath(path, (key) => ['messages', 'content', 'metadata'].includes(key))).toBe(masked);
});
