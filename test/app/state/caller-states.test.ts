import { expect, it } from 'vitest';
import { createCallerStates } from '../../../src/app/state/caller-states.ts';
import { createSealing } from '../../../src/app/state/sealing.ts';

it('the state of a revoked token is dropped when another caller comes, and that of others is kept', () => {
  const revoked = new Set<string>();
  const isToken = (id: string) => !revoked.has(id);
  const states = createCallerStates({
    mainStore: undefined,
    stores: undefined,
    sealing: createSealing(),
    isToken,
  });
  const [main, one, two] = [states.of({ id: 'main' }), states.of({ id: 'one' }), states.of({ id: 'two' })];
  revoked.add('one');
  expect(states.count()).toBe(3);
  states.of({ id: 'three' });
  expect(states.count()).toBe(3);
  expect([states.of(undefined), states.of({ id: 'two' })]).toEqual([main, two]);
  expect(states.of({ id: 'two' })).toBe(two);
  expect(states.of({ id: 'one' })).not.toBe(one);
});
