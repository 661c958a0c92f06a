import { expect, it, onTestFinished } from 'vitest';
import { createJournal } from '../journal.ts';
import { createRandom } from '../random.ts';
import type { Run } from '../run.ts';
import type { Fault } from './fault.ts';
import { ONE_PART } from './plan.ts';
import { strikeAll } from './strike-all.ts';

/** Lets faults strike in a run of no length. */
async function strike(once: boolean, make: (journal: Run['journal']) => readonly Fault[]) {
  const journal = createJournal();
  onTestFinished(() => journal.close());
  const run = { journal, random: createRandom(1), pace: 0 } as unknown as Run;
  const [part] = ONE_PART;
  await strikeAll(run, { faults: make(journal), part: part!, endMs: 0, once, sample: async () => {} });
  return journal;
}

it.each([true, false])(
  'each planned fault strikes, however short the run is, or is named (once: %s)',
  async (once) => {
    const { faults, violations } = await strike(once, (journal) => [
      { name: 'one', replaces: 'nothing', strike: async () => void journal.openWindow('one') },
      { name: 'skipped', replaces: 'nothing', strike: async () => {} },
      { name: 'broken', replaces: 'child', strike: async () => await Promise.reject(new Error('no')) },
    ]);
    expect(faults).toEqual(new Map([['one', 1]]));
    expect(violations.map((text) => text.replace(/^.*? s: /, '')).toSorted()).toEqual([
      'broken could not be done: Error: no',
      'broken was planned and did not happen.',
      'skipped was planned and did not happen.',
    ]);
  },
);

it('a fault that another one ends with strikes no second time where each strikes once', async () => {
  const { faults, violations } = await strike(true, (journal) => {
    const strikes = (...names: string[]) => ({
      name: names[0]!,
      replaces: 'gateway' as const,
      strike: async () => names.forEach((name) => journal.openWindow(name)),
    });
    return [strikes('restart'), { ...strikes('full', 'restart'), includes: 'restart' }];
  });
  expect(faults).toEqual(
    new Map([
      ['full', 1],
      ['restart', 1],
    ]),
  );
  expect(violations).toEqual([]);
});
