import { expect, it } from 'vitest';
import { readJson } from '../../../src/gateway/answer/read-json.ts';
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
  expect(readJson(answer)).toEqual({ value: JSON.parse(text), text });
});

it.each(['', 'null and more', '```json\n{}', '```python\n{}\n```', 'Here it is: {}', '```', '```\n```'])(
  'reads no JSON from %j',
  (answer) => {
    expect(readJson(answer)).toBeUndefined();
  },
);

it('rejects a megabyte of white space in a second of processor time', () => {
  const time = cpuTimeOf(() => {
    expect(readJson(`\`\`\`json\n${' \n'.repeat(500_000)}x`)).toBeUndefined();
  });
  expect(time).toBeLessThan(1000);
});
