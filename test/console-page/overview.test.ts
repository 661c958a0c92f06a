import { expect, it } from 'vitest';
import { explainNoLimits } from '../../console/pages/overview/explain-no-limits.ts';
import { summarizeChecks } from '../../console/pages/overview/summarize-checks.ts';
import { labelMarks, WHOLE_STEPS } from '../../console/parts/chart-axis.ts';

it('a provider that has answered without limits is not said to name them later', () => {
  expect(explainNoLimits({ has_answered: false })).toContain('after the first answer');
  expect(explainNoLimits({ has_answered: true })).toBe('The answers of the provider name no limits.');
});

it('checks that cannot come are not said to be running', () => {
  expect(summarizeChecks(undefined, true)).toBe('Checking…');
  expect(summarizeChecks(undefined, false)).toBe('The checks come with the connection.');
});

it('an axis has whole marks alone, and no words where there are no values', () => {
  const format = (value: number) => `${value} ms`;
  expect(WHOLE_STEPS.filter((step) => !Number.isInteger(step))).toEqual([]);
  expect(labelMarks([0, 1], [[null], [undefined]], format)).toEqual(['', '']);
  expect(labelMarks([0, 100], [[null, 90], [null]], format)).toEqual(['0 ms', '100 ms']);
});
