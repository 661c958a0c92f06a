import { expect, it } from 'vitest';
import { createRateLimit } from '../../src/tools/gates/rate-limit.ts';
import { callOf, sampleTool } from '../support/internal-tool.ts';
import { openTestTools } from '../support/open-test-tools.ts';

/** Calls until one is refused; returns how many were let in and the seconds of the refusal. */
function callUntilRefused(enter: () => void): { calls: number; retryAfter?: number } {
  for (let calls = 0; calls < 1_000; calls += 1) {
    try {
      enter();
    } catch (error) {
      return { calls, retryAfter: (error as { detail: { retryAfter: number } }).detail.retryAfter };
    }
  }
  return { calls: Infinity };
}

it('a key may call a tool 20 times at once, and 5 times a second from then on', () => {
  let time = 0;
  const { enter } = createRateLimit({ perSecond: 5, burst: 20 }, () => time);
  expect(callUntilRefused(() => enter('a', 'kb.search'))).toEqual({ calls: 20, retryAfter: 1 });
  time = 1_000;
  expect(callUntilRefused(() => enter('a', 'kb.search'))).toEqual({ calls: 5, retryAfter: 1 });
  // Other keys and other tools have limits of their own.
  expect(callUntilRefused(() => enter('b', 'kb.search')).calls).toBe(20);
  expect(callUntilRefused(() => enter('a', 'tests.run')).calls).toBe(20);
});

it('a slow limit says in whole seconds when the next call is possible', () => {
  const { enter } = createRateLimit({ perSecond: 0.1, burst: 1 }, () => 0);
  expect(callUntilRefused(() => enter('a', 'kb.search'))).toEqual({ calls: 1, retryAfter: 10 });
});

it('keys that have rested are forgotten', () => {
  let time = 0;
  const { enter, size } = createRateLimit({ perSecond: 5, burst: 20 }, () => time);
  for (let number = 0; number < 100_000; number += 1) {
    time += 1;
    enter(`key ${number}`, 'kb.search');
  }
  expect(size()).toBeLessThan(3_000);
});

it('calls over the limit are a 429 that the audit has as well', async () => {
  const tool = sampleTool();
  const { service, audit } = await openTestTools({ tools: [tool], rateLimit: { perSecond: 1, burst: 2 } });
  const call = async () => await (await service.prepare(callOf(tool, {}))).run(true);
  await call();
  await call();
  await expect(call()).rejects.toMatchObject({ code: 'tool_limited', detail: { retryAfter: 1 } });
  expect(audit().map(({ outcome }) => outcome)).toEqual(['ok', 'ok', '429']);
});
