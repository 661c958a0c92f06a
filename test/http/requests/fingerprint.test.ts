import { expect, it } from 'vitest';
import { fingerprint } from '../../../src/http/requests/fingerprint.ts';

it('a fingerprint is the same for equal values and different for different ones', async () => {
  const values = [
    [],
    [[]],
    {},
    '',
    'a',
    ['a', 'b'],
    ['ab'],
    ['a"1:b'],
    { a: 'b' },
    { ab: '' },
    { a: null },
    { a: undefined },
    [1, 23],
    [12, 3],
    ['1'],
    [true],
    ['true'],
    'x'.repeat(300_000),
    `${'x'.repeat(299_999)}y`,
  ];
  const digests = await Promise.all(values.map(fingerprint));
  expect(new Set(digests).size).toBe(values.length);
  expect(await Promise.all(structuredClone(values).map(fingerprint))).toEqual(digests);
});

it('a fingerprint of a large body lets other work go on meanwhile', async () => {
  let turns = 0;
  const count = () => {
    turns += 1;
    timer = setImmediate(count);
  };
  let timer = setImmediate(count);
  await fingerprint({ text: 'x'.repeat(8_000_000), list: Array.from({ length: 300_000 }, () => 'small') });
  clearImmediate(timer);
  expect(turns).toBeGreaterThan(20);
});
