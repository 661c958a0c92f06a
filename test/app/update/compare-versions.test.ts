import { expect, it } from 'vitest';
import { isLaterVersion } from '../../../src/app/update/compare-versions.ts';

it('versions are compared by number, and previews come before what they are previews of', () => {
  const inOrder = [
    '0.1.0-alpha',
    '0.1.0-alpha.1',
    '0.1.0-beta.2',
    '0.1.0-beta.11',
    '0.1.0',
    '0.1.1',
    '0.2.0',
    '0.10.0',
    '1.0.0',
  ];
  for (const [index, version] of inOrder.entries()) {
    const later = inOrder.filter((other) => isLaterVersion(other, version));
    expect(later).toEqual(inOrder.slice(index + 1));
  }
});

it.each(['', 'latest', '1.2', 'v'])('nonsense is not a later version: %j', (text) => {
  expect(isLaterVersion(text, '0.1.0')).toBe(false);
});
