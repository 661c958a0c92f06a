import { expect, it } from 'vitest';
import { writePart } from '../../../src/gateway/answer/write-part.ts';

it.each([
  [{ a: 1, b: [2, 3] }, '{"a": 1.0, "b": [2, 30e-1], "c": 4}', '{"a":1.0,"b":[2,30e-1]}'],
  [{}, '{"a": 1}', '{}'],
  [Infinity, '1e999', '1e999'],
  [{ a: { rawJSON: 'x', b: null } }, '{"a": {"rawJSON": "x", "b": null}}', '{"a":{"rawJSON":"x","b":null}}'],
  [JSON.parse('{"__proto__": 5}'), '{"__proto__": 5.0, "b": 1}', '{"__proto__":5.0}'],
])('writes %j with the number spelling of %s', (part, text, expected) => {
  expect(writePart(part, text)).toBe(expected);
});

it('writes a value found at a path in the text', () => {
  const text = '{"call": {"name": "x", "arguments": {"id": 12345678901234567890, "note": null}}}';
  const id = Number('12345678901234567890');
  expect(writePart({ id }, text, ['call', 'arguments'])).toBe('{"id":12345678901234567890}');
});
