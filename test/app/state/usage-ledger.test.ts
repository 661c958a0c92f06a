import { readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createUsageLedger } from '../../../src/app/state/usage-ledger.ts';
import { NO_USAGE } from '../../../src/conversation/usage.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const USAGE = { ...NO_USAGE, inputTokens: 5, cachedInputTokens: 2, outputTokens: 7 };
const COUNTS = { input: 5, cached: 2, output: 7 };
const TWICE = { input: 10, cached: 4, output: 14 };
const NOON = new Date(2026, 0, 15, 12).getTime();
const DAY_MS = 86_400_000;

describe('the usage ledger', () => {
  it('counts tokens by model, even one with the name of an inherited property', async () => {
    const ledger = createUsageLedger(undefined);
    ledger.add('m', USAGE);
    ledger.add('m', USAGE);
    ledger.add('__proto__', USAGE);
    const { since_start: counts } = await ledger.read();
    expect(Object.entries(counts)).toEqual([
      ['m', TWICE],
      ['__proto__', COUNTS],
    ]);
    await ledger.close();
  });

  it('adds what other processes have counted today, and removes counts that are two days old', async () => {
    const folder = temporaryFolder();
    const old = join(folder, '2026-01-13.old.json');
    writeFileSync(old, JSON.stringify({ m: COUNTS }));
    utimesSync(old, NOON / 1_000 - 200_000, NOON / 1_000 - 200_000);
    const first = createUsageLedger(folder, () => NOON);
    first.add('m', USAGE);
    await first.close();
    const second = createUsageLedger(folder, () => NOON);
    second.add('m', USAGE);
    expect(await second.read()).toEqual({ since_start: { m: COUNTS }, today: { m: TWICE } });
    await second.close();
    expect(readdirSync(folder).every((name) => name.startsWith('2026-01-15.'))).toBe(true);
  });

  it('begins anew at midnight, without forgetting the tokens since the start', async () => {
    let now = NOON;
    const ledger = createUsageLedger(undefined, () => now);
    ledger.add('m', USAGE);
    now += DAY_MS;
    expect(await ledger.read()).toEqual({ since_start: { m: COUNTS }, today: {} });
    await ledger.close();
  });

  it('loses nothing of today to a clock that jumps forward and back, also after a restart', async () => {
    const folder = temporaryFolder();
    const start = Date.now();
    let now = start;
    const ledger = createUsageLedger(folder, () => now);
    ledger.add('m', USAGE);
    now += DAY_MS;
    ledger.add('m', USAGE);
    expect((await ledger.read()).today).toEqual({ m: COUNTS });
    now = start;
    ledger.add('m', USAGE);
    expect((await ledger.read()).today).toEqual({ m: TWICE });
    await ledger.close();
    for (const [jump, today] of [
      [DAY_MS, { m: COUNTS }],
      [0, { m: TWICE }],
    ] as const) {
      const later = createUsageLedger(folder, () => start + jump);
      expect((await later.read()).today).toEqual(today);
      await later.close();
    }
  });

  it('ignores a damaged file', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, '2026-01-15.other.json'), '{');
    const ledger = createUsageLedger(folder, () => NOON);
    expect((await ledger.read()).today).toEqual({});
    await ledger.close();
  });
});
