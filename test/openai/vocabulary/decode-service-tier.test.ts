import { expect, it } from 'vitest';
import { decodeServiceTier } from '../../../src/openai/vocabulary/decode-service-tier.ts';
import { refusalOf } from '../../support/decode-response.ts';

it.each([
  ['auto', undefined],
  ['default', 'default'],
  ['flex', 'flex'],
  ['priority', 'priority'],
  ['fast', 'priority'],
] as const)('decodes the service tier %s as %s', (tier, expected) => {
  expect(decodeServiceTier(tier)).toBe(expected);
});

it.each(['scale', 'ultrafast'] as const)(
  'refuses the service tier %s and names the supported ones',
  (tier) => {
    expect(refusalOf(() => decodeServiceTier(tier))).toEqual({
      code: 'unsupported_value',
      param: 'service_tier',
      message: `Unsupported value: 'service_tier' does not support ${tier} with this model. Supported values: auto, default, flex, priority, fast.`,
    });
  },
);
