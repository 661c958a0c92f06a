import { expect, it } from 'vitest';
import { GatewayError } from '../../../../src/base/errors.ts';
import {
  addLimitsToErrors,
  announceNotices,
  policyFor,
} from '../../../../src/http/openai/request/headers.ts';
import { createCompatibility } from '../../../../src/openai/request/compatibility.ts';
import { serve } from '../../../support/serve.ts';

it.each([
  [false, undefined, false],
  [false, '1', true],
  [false, 'true', true],
  [false, 'yes', false],
  [true, undefined, true],
  [true, '0', true],
])(
  'with the setting strict=%s, the header %j makes a request strict: %s',
  async (strict, header, expected) => {
    const { origin } = await serve((ctx) => {
      ctx.body = policyFor(ctx, { strict, enforceMaxTokens: true });
    });
    const headers = header === undefined ? {} : { 'x-codex-gateway-strict': header };
    expect(await (await fetch(origin, { headers })).json()).toEqual({
      strict: expected,
      enforceMaxTokens: true,
    });
  },
);

it('notices are in the headers of an error, too', async () => {
  const { origin } = await serve((ctx) => {
    const compatibility = createCompatibility(false);
    compatibility.adjust({ path: 'reasoningEffort', from: 'max', to: 'high' });
    announceNotices(ctx, { compatibility, paramNames: { reasoningEffort: 'reasoning.effort' } });
    throw new GatewayError('overloaded', 'Too much.');
  });
  const { status, headers } = await fetch(origin);
  expect([status, headers.get('x-codex-gateway-adjusted')]).toEqual([503, 'reasoning.effort=max->high']);
});

it.each([
  [503, '25', true],
  [200, null, false],
])(
  'the limits of the account belong to errors: status %i, remaining %s',
  async (status, remaining, fails) => {
    const limits = () => [{ usedPercent: 75, windowMinutes: 300, resetsAt: null }];
    const { origin } = await serve(addLimitsToErrors({ limits }), (ctx) => {
      if (fails) throw new GatewayError('overloaded', 'Too much.');
      ctx.body = {};
    });
    const response = await fetch(origin);
    expect([response.status, response.headers.get('x-ratelimit-remaining-requests')]).toEqual([
      status,
      remaining,
    ]);
  },
);
