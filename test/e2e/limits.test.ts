import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { refuse, say, sendEvent, startResponse } from '../support/upstream.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({ config: { retryAfter: 7 } });
});
afterAll(() => gateway.close());

const CHAT = { model: 'gpt-5.5', messages: [{ role: 'user', content: 'hello' }] };

/** Creates the limits of an account that ChatGPT sends with each answer. */
const windows = (primary: number, secondary: number) => ({
  'x-codex-primary-used-percent': String(primary),
  'x-codex-primary-window-minutes': '300',
  'x-codex-primary-reset-at': String(Math.floor(Date.now() / 1000) + 1000),
  'x-codex-secondary-used-percent': String(secondary),
  'x-codex-secondary-window-minutes': '10080',
  'x-codex-secondary-reset-at': String(Math.floor(Date.now() / 1000) + 5000),
});

const limitsOf = ({ headers }: Response) =>
  ['limit', 'remaining', 'reset'].map((name) => headers.get(`x-ratelimit-${name}-requests`));

it('sends no limit headers while no limits are known', async () => {
  gateway.upstream.use(say('Hello.'));
  expect(limitsOf(await gateway.post(CHAT))).toEqual([null, null, null]);
});

it('sends the fullest window of the account in hundredths, with answers and streams', async () => {
  gateway.upstream.use((request, response) => {
    for (const [name, value] of Object.entries(windows(12, 40))) response.setHeader(name, value);
    void say('Hello.')(request, response);
  });
  const { headers } = await gateway.post(CHAT);
  expect(headers.get('x-ratelimit-limit-requests')).toBe('100');
  expect(headers.get('x-ratelimit-remaining-requests')).toBe('60');
  expect(Number.parseInt(headers.get('x-ratelimit-reset-requests')!, 10)).toBeGreaterThan(4000);
  const stream = await gateway.post({ ...CHAT, stream: true });
  expect(limitsOf(stream)[1]).toBe('60');
  await stream.text();
});

it('says when a used-up account resets, and not to retry before', async () => {
  const body = { error: { type: 'usage_limit_reached', message: 'no', plan_type: 'pro' } };
  gateway.upstream.use(refuse(429, body, windows(100, 40)));
  const response = await gateway.post(CHAT);
  expect(response.status).toBe(429);
  expect(await response.json()).toMatchObject({
    error: {
      code: 'insufficient_quota',
      message: expect.stringMatching(/It resets at 20\d\d-\d\d-\d\d \d\d:\d\d UTC\.$/),
    },
  });
  expect(response.headers.get('x-should-retry')).toBe('false');
  const wait = Number(response.headers.get('retry-after'));
  expect(wait).toBeGreaterThan(900);
  expect(wait).toBeLessThanOrEqual(1000);
  expect(limitsOf(response).slice(0, 2)).toEqual(['100', '0']);
});

/** A rate limit that the provider tells in its stream. */
const limited = (message: string) => (_request: unknown, response: Parameters<typeof startResponse>[0]) => {
  startResponse(response);
  const error = { code: 'rate_limit_exceeded', message };
  sendEvent(response, { type: 'response.failed', response: { id: 'resp_1', error } });
  response.end();
};

it.each([
  ['Rate limit reached. Please try again in 1.5s. Visit us.', '2'],
  ['Please try again in 1m30.2s.', '91'],
  ['Please try again in 250ms.', '1'],
  ['Rate limit reached.', '7'],
])('turns "%s" into retry-after: %s', async (message, wait) => {
  const fresh = await startTestGateway({ config: { retryAfter: 7 } });
  fresh.upstream.use(limited(message));
  const response = await fresh.post(CHAT);
  await fresh.close();
  expect(response.status).toBe(429);
  expect(response.headers.get('retry-after')).toBe(wait);
  expect(response.headers.get('x-should-retry')).toBe('true');
});

it('a provider without capacity gets the configured retry-after', async () => {
  const fresh = await startTestGateway({ config: { retryAfter: 9 } });
  fresh.upstream.use(refuse(503, { error: { code: 'server_is_overloaded', message: 'x' } }));
  const response = await fresh.post(CHAT);
  await fresh.close();
  expect([response.status, response.headers.get('retry-after')]).toEqual([503, '9']);
});
