import { expect, it } from 'vitest';
import { tap } from '../../../src/base/async/tap.ts';

async function* count(): AsyncGenerator<number> {
  yield 1;
  await Promise.resolve();
  yield 2;
}

it('calls the function for each value before the value is passed on', async () => {
  const seen: string[] = [];
  for await (const value of tap(count(), (tapped) => seen.push(`tapped ${tapped}`)))
    seen.push(`read ${value}`);
  expect(seen).toEqual(['tapped 1', 'read 1', 'tapped 2', 'read 2']);
});
