import { expect, it } from 'vitest';
import { readJson } from '../../src/gateway/read-json.ts';

it.each([
  ['{"a": 1}', '{"a": 1}'],
  [' \n[1]\n ', '[1]'],
  ['```json\n{"a": 1}\n```', '{"a": 1}'],
  ['```\n{}\n```\n', '{}'],
  ['```JSON  \r\n\n{}```', '{}'],
  ['"```"', '"```"'],
  ['{"big": 12345678901234567890}', '{"big": 12345678901234567890}'],
])('%j is the JSON %s', (answer, text) => {
  expect(readJson(answer)).toEqual({ value: JSON.parse(text), text });
});

it.each(['', 'null and more', '```json\n{}', '```python\n{}\n```', 'Here it is: {}', '```', '```\n```'])(
  '%j is no JSON',
  (answer) => {
    expect(readJson(answer)).toBeUndefined();
  },
);

it('an answer of white space is looked at in no time', () => {
  const start = performance.now();
  expect(readJson(`\`\`\`json\n${' \n'.repeat(500_000)}x`)).toBeUndefined();
  expect(performance.now() - start).toBeLessThan(1000);
});
