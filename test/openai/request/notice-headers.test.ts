import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCompatibility } from '../../../src/openai/request/compatibility.ts';
import { encodeNotices } from '../../../src/openai/request/notice-headers.ts';
import { unknownField } from '../../../src/openai/request/refusals.ts';
import { anyText } from '../../support/any-text.ts';

/** The header for a request with the given unknown keys. */
function ignoredOf(...keys: readonly string[]): string | undefined {
  const compatibility = createCompatibility(false);
  for (const key of keys) compatibility.ignore([key], () => unknownField([key]));
  return encodeNotices(compatibility)['x-codex-gateway-ignored'];
}

describe('the headers with notices', () => {
  it('are absent when there is nothing to report', () => {
    expect(encodeNotices({ ignored: [], adjustments: [] })).toEqual({});
  });

  it.each([
    ['a b', 'a%20b'],
    ['a,b', 'a%2Cb'],
    ['a=b', 'a%3Db'],
    ['a\r\nset-cookie: x', 'a%0D%0Aset-cookie:%20x'],
    ['größe', 'gr%C3%B6%C3%9Fe'],
    ['👍', '%F0%9F%91%8D'],
    ['\ud800', '%EF%BF%BD'],
    ['100%', '100%25'],
    ['__proto__', '__proto__'],
  ])('encode the key %j', (key, written) => {
    expect(ignoredOf(key)).toBe(written);
  });

  it('list any keys in a form that a header can hold', () => {
    fc.assert(
      fc.property(fc.uniqueArray(anyText({ minLength: 1, maxLength: 20 })), (keys) => {
        const header = ignoredOf(...keys) ?? '';
        expect(header).toMatch(/^[\x21-\x7e ]*$/);
        expect(header.length).toBeLessThanOrEqual(1024);
        const known = new Set(keys.map((key) => key.toWellFormed().replaceAll(/\[\d+\]/g, '[]')));
        for (const entry of header === '' ? [] : header.split(', ')) {
          expect(entry === '...' || known.has(decodeURIComponent(entry))).toBe(true);
        }
      }),
    );
  });

  it('are cut at a kilobyte with a mark', () => {
    const header = ignoredOf(...Array.from({ length: 1000 }, (_, index) => `${'ü'.repeat(20)}${index}`))!;
    expect(header.length).toBeLessThanOrEqual(1024);
    expect(header.length).toBeGreaterThan(800);
    expect(header).toMatch(/, \.\.\.$/);
    expect(ignoredOf('ü'.repeat(10_000))!.length).toBeLessThanOrEqual(1024);
  });

  it('report an adjustment once, with the name that the request used', () => {
    const adjustment = { path: 'reasoningEffort', from: 'none', to: 'low' };
    const notices = {
      ignored: [],
      adjustments: [adjustment, adjustment, { path: 'x y', from: 'a', to: 'b' }],
    };
    expect(encodeNotices(notices, { reasoningEffort: 'reasoning_effort' })).toEqual({
      'x-codex-gateway-adjusted': 'reasoning_effort=none->low, x%20y=a->b',
    });
  });
});
