import { expect, it } from 'vitest';
import { parseModelJson, writePart } from '../../../src/gateway/answer/model-json.ts';
import { cpuTimeOf } from '../../support/cpu-time.ts';

it.each([
  ['{"a": 1}', '{"a": 1}'],
  [' \n[1]\n ', '[1]'],
  ['```json\n{"a": 1}\n```', '{"a": 1}'],
  ['```\n{}\n```\n', '{}'],
  ['```JSON  \r\n\n{}```', '{}'],
  ['"```"', '"```"'],
  ['{"big": 12345678901234567890}', '{"big": 12345678901234567890}'],
])('reads %j as the JSON %s', (answer, text) => {
  expect(parseModelJson(answer)).toEqual({ value: JSON.parse(text), text });
});

it.each(['', 'null and more', '```json\n{}', '```python\n{}\n```', 'Here it is: {}', '```', '```\n```'])(
  'reads no JSON from %j',
  (answer) => {
    expect(parseModelJson(answer)).toBeUndefined();
  },
);

it('rejects a megabyte of white space in a second of processor time', () => {
  const time = cpuTimeOf(() => {
    expect(parseModelJson(`\`\`\`json\n${' \n'.repeat(500_000)}x`)).toBeUndefined();
  });
  expect(time).toBeLessThan(1000);
});

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
