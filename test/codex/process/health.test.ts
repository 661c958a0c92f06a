import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { parsePsTime, readCpuSeconds } from '../../../src/codex/process/cpu-time.ts';
import { LOOK_INTERVAL_MS, whileAlive, type LifeSigns } from '../../../src/codex/process/health.ts';

/** Waits for a promise while a process shows the signs of the script, one a look. */
function wait(promise: Promise<string>, signs: (look: number) => LifeSigns) {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  let looks = 0;
  return whileAlive(promise, async () => signs((looks += 1)));
}

const NEVER = new Promise<string>(() => {});

/** Lets looks pass, and says whether anything has come of them. */
async function pass(outcome: Promise<unknown>, looks: number): Promise<unknown> {
  await vi.advanceTimersByTimeAsync(LOOK_INTERVAL_MS * looks);
  return await Promise.race([outcome, Promise.resolve('waits')]);
}

describe('a process that does not answer', () => {
  it('counts as hung when it neither computes nor writes', async () => {
    const outcome = wait(NEVER, () => ({ cpuSeconds: 7, writtenBytes: 7 }));
    expect(await pass(outcome, 1)).toBe('timeout');
  });

  it('counts as hung when it only wakes up now and then', async () => {
    const outcome = wait(NEVER, (look) => ({ cpuSeconds: look * 0.1, writtenBytes: 7 }));
    expect(await pass(outcome, 1)).toBe('timeout');
  });

  it.each<[string, (look: number) => LifeSigns]>([
    ['computes', (look) => ({ cpuSeconds: look * 5, writtenBytes: 0 })],
    ['writes', (look) => ({ cpuSeconds: undefined, writtenBytes: look })],
  ])('is waited for while it %s', async (_what, signs) => {
    const answer = Promise.withResolvers<string>();
    const outcome = wait(answer.promise, signs);
    expect(await pass(outcome, 5)).toBe('waits');
    answer.resolve('answer');
    expect(await outcome).toBe('answer');
  });

  it('counts as hung at the first check that finds no progress', async () => {
    const outcome = wait(NEVER, (look) => ({ cpuSeconds: Math.min(look, 3) * 5, writtenBytes: 0 }));
    expect(await pass(outcome, 2)).toBe('waits');
    expect(await pass(outcome, 1)).toBe('timeout');
  });

  it('is not awaited forever, however busy it is', async () => {
    const outcome = wait(NEVER, (look) => ({ cpuSeconds: look * 15, writtenBytes: look }));
    expect(await pass(outcome, 1000)).toBe('timeout');
  });
});

describe('the CPU time of a process', () => {
  it('grows while it computes', async () => {
    const before = await readCpuSeconds(process.pid);
    const end = process.cpuUsage().user + 100_000;
    while (process.cpuUsage().user < end) for (let count = 0; count < 1_000_000; count += 1);
    expect((await readCpuSeconds(process.pid))! - before!).toBeGreaterThan(0.05);
  });

  it.each([
    ['00:00:02', 2],
    ['1-02:03:04', 93_784],
    ['0:00.25', 0.25],
  ])('is parsed from the ps output %s', (text, seconds) => {
    expect(parsePsTime(text)).toBe(seconds);
  });
});
