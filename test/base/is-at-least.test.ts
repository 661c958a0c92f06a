import { expect, it } from 'vitest';
import { isAtLeast } from '../../src/base/is-at-least.ts';

it.each([
  ['0.158.0', '0.158.0', true],
  ['0.1000.0', '0.158.0', true],
  ['1.0.0', '0.158.0', true],
  ['0.157.9', '0.158.0', false],
  ['0.158.0-alpha.3', '0.158.0', true],
  ['22.13.1', '22.13', true],
  ['22.12.9', '22.13', false],
  ['24.0.0-nightly', '22.13', true],
])('isAtLeast(%s, %s) returns %s', (version, oldest, expected) => {
  expect(isAtLeast(version, oldest)).toBe(expected);
});
