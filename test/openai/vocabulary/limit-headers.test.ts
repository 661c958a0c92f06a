import { expect, it } from 'vitest';
import { encodeLimits } from '../../../src/openai/vocabulary/limit-headers.ts';

it('reports nothing while no window of the account is known', () => {
  expect(encodeLimits([])).toEqual({});
});

it('reports the fullest window of the account', () => {
  const resetsAt = Math.ceil(Date.now() / 1000) + 60;
  const headers = encodeLimits([
    { usedPercent: 10, windowMinutes: null, resetsAt: null },
    { usedPercent: 70, windowMinutes: 300, resetsAt },
  ]);
  expect(headers).toMatchObject({
    'x-ratelimit-limit-requests': '100',
    'x-ratelimit-remaining-requests': '30',
  });
  expect(headers['x-ratelimit-reset-requests']).toMatch(/^(59|60|61)s$/);
});
