import { expect, it } from 'vitest';
import { createMemoryTokens } from '../../../src/access/memory-tokens.ts';
import { createMemoryKeeper } from '../../../src/app/access/token-keeper.ts';
import { createBrowsers, MAX_BROWSERS } from '../../../src/app/console/browsers.ts';

const GRANT = { owner: 'main', scopes: ['console'], isReadOnly: false } as const;
const DAY_MS = 86_400_000;

function openBrowsers() {
  const named = createMemoryTokens();
  const keeper = createMemoryKeeper(named, { latest: () => undefined });
  let time = Date.now();
  const browsers = createBrowsers(keeper, () => time);
  const names = () => named.entries().map(({ name }) => name);
  return { browsers, names, named, wait: (ms: number) => void (time += ms) };
}

it('the browser that was not used for longest makes room for one beyond the maximum', async () => {
  const { browsers, names } = openBrowsers();
  for (let count = 0; count < MAX_BROWSERS; count += 1) await browsers.signIn(GRANT);
  const before = names();
  expect(before).toHaveLength(MAX_BROWSERS);
  await browsers.signIn(GRANT);
  expect(names()).toHaveLength(MAX_BROWSERS);
  expect(names().filter((name) => before.includes(name))).toHaveLength(MAX_BROWSERS - 1);
});

it('a browser ends after 30 days, and is no longer listed once another one signs in', async () => {
  const { browsers, names, named, wait } = openBrowsers();
  const { maxAgeSeconds } = await browsers.signIn(GRANT);
  expect(maxAgeSeconds).toBe(30 * 86_400);
  const [first] = named.entries();
  expect(first!.expires! - Date.now()).toBeLessThanOrEqual(30 * DAY_MS);
  wait(31 * DAY_MS);
  await browsers.signIn(GRANT);
  expect(names()).not.toContain(first!.name);
});

it('wrong codes from one address are slowed down, and others are not', () => {
  const { browsers } = openBrowsers();
  const judged = Array.from({ length: 40 }, () => browsers.judgeGuess('192.0.2.1'));
  expect(judged.slice(0, 20)).toEqual(Array.from({ length: 20 }, () => true));
  expect(judged.slice(-10)).not.toContain(true);
  expect(browsers.judgeGuess('192.0.2.2')).toBe(true);
});
