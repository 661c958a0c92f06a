import { expect, it } from 'vitest';
import { fitOptions } from '../../../src/gateway/models/fit-options.ts';
import { createModel } from '../../support/model.ts';

const MODEL = createModel('m', {
  reasoningEfforts: ['low', 'medium', 'high', 'xhigh'],
  serviceTiers: ['priority'],
});
const UNKNOWN = createModel('m');

it.each([
  ['none', 'low'],
  ['minimal', 'low'],
  ['low', 'low'],
  ['xhigh', 'xhigh'],
  ['max', 'xhigh'],
])('maps the reasoning effort %s to %s, the nearest supported one', (from, to) => {
  const { options, adjustments } = fitOptions({ reasoningEffort: from }, MODEL);
  expect(options.reasoningEffort).toBe(to);
  expect(adjustments).toEqual(from === to ? [] : [{ path: 'reasoningEffort', from, to }]);
});

it.each([
  ['flex', 'default'],
  ['priority', 'priority'],
  ['default', 'default'],
] as const)('maps the service tier %s to %s', (from, to) => {
  const { options, adjustments } = fitOptions({ serviceTier: from }, MODEL);
  expect(options.serviceTier).toBe(to);
  expect(adjustments).toEqual(from === to ? [] : [{ path: 'serviceTier', from, to }]);
});

it('drops the reasoning effort for a model that does not reason', () => {
  const { options, adjustments } = fitOptions(
    { reasoningEffort: 'high' },
    { ...MODEL, reasoningEfforts: [] },
  );
  expect(options.reasoningEffort).toBeUndefined();
  expect(adjustments).toEqual([{ path: 'reasoningEffort', from: 'high', to: 'default' }]);
});

it('passes every option to a model without a description and adds no options of its own', () => {
  const wanted = { reasoningEffort: 'odd', serviceTier: 'flex', verbosity: 'high' } as const;
  expect(fitOptions(wanted, UNKNOWN)).toEqual({ options: wanted, adjustments: [] });
  expect(fitOptions({}, MODEL).adjustments).toEqual([]);
});
