import { existsSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { expect, it, onTestFinished, vi } from 'vitest';
import { createDayCounts } from '../../src/access/day-counts.ts';
import { PRIVATE_FILES } from '../../src/app/access/private-token-files.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const NOON = Date.parse('2030-01-31T12:00:00Z');
const DAY_MS = 86_400_000;

/** Opens the counts as a gateway does that starts at that time. */
async function open(folder: string | undefined, now: () => number = () => NOON) {
  const days = createDayCounts(folder, PRIVATE_FILES, now);
  await days.refresh();
  return days;
}

it('the tokens of a day are still counted after a restart, and after further ones', async () => {
  const folder = temporaryFolder();
  for (const before of [0, 10, 20]) {
    const days = await open(folder);
    expect(days.today('ci')).toBe(before);
    days.add('ci', 4);
    days.add('ci', 6);
    days.add('other', 1);
    await days.close();
  }
});

it('the next day of UTC begins at 0, and files that are two days old are removed', async () => {
  const folder = temporaryFolder();
  let time = NOON;
  const days = await open(folder, () => time);
  days.add('ci', 7);
  expect(days.secondsLeft()).toBe(12 * 60 * 60);
  await days.close();
  time += DAY_MS;
  expect(days.today('ci')).toBe(0);
  expect((await open(folder, () => time)).today('ci')).toBe(0);
  const [file] = readdirSync(folder);
  const touchAt = (touched: number) => utimesSync(`${folder}/${file}`, touched / 1_000, touched / 1_000);
  time += DAY_MS;
  touchAt(NOON + DAY_MS);
  await open(folder, () => time);
  expect(readdirSync(folder)).toEqual([file]);
  touchAt(NOON);
  await open(folder, () => time);
  expect(readdirSync(folder)).toEqual([]);
});

it('a clock that jumps forward and back takes nothing from the counts, also after a restart', async () => {
  const folder = temporaryFolder();
  const start = Date.now();
  let time = start;
  const days = await open(folder, () => time);
  days.add('ci', 7);
  for (const jump of [DAY_MS, 30 * DAY_MS]) {
    time = start + jump;
    expect(days.today('ci')).toBe(0);
    days.add('ci', 1);
    time = start;
    expect(days.today('ci')).toBe(7);
  }
  await days.close();
  for (const jump of [DAY_MS, 0]) {
    const later = await open(folder, () => start + jump);
    expect(later.today('ci')).toBe(jump === 0 ? 7 : 1);
    await later.close();
  }
});

it('what other gateways have counted is known when a token is judged, without a count of its own', async () => {
  const folder = temporaryFolder();
  const [one, other] = [await open(folder), await open(folder)];
  one.add('ci', 7);
  await one.close();
  vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 6_000);
  onTestFinished(() => void vi.restoreAllMocks());
  await other.refresh();
  expect(other.today('ci')).toBe(7);
});

it('a damaged file of counts takes nothing from the others', async () => {
  const folder = temporaryFolder();
  const days = await open(folder);
  days.add('ci', 7);
  await days.close();
  writeFileSync(`${folder}/day.2030-01-31.damaged.json`, '{"ci":');
  expect((await open(folder)).today('ci')).toBe(7);
});

it('without a folder, counts hold as long as the process', async () => {
  const days = await open(undefined);
  days.add('ci', 7);
  expect(days.today('ci')).toBe(7);
  await days.close();
});

it('counts that cannot be written are still counted', async () => {
  const days = await open('/dev/null/uses');
  days.add('ci', 7);
  await days.close();
  expect([days.today('ci'), existsSync('/dev/null/uses')]).toEqual([7, false]);
});
