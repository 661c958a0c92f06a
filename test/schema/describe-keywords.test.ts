import { expect, it } from 'vitest';
import { describeKeywords } from '../../src/schema/describe-keywords.ts';

it.each([
  [
    'The city.',
    [
      ['minLength', 1],
      ['pattern', '^a'],
    ],
    'The city. (minLength: 1, pattern: "^a")',
  ],
  [undefined, [['default', null]], '(default: null)'],
  ['The city.', [], 'The city.'],
  [7, [], undefined],
] as const)('extends the description %j by the keywords %j', (description, keywords, expected) => {
  expect(describeKeywords(description, keywords)).toBe(expected);
});
