import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { listTokens, revokeNamedToken } from '../../src/app/access/named-tokens.ts';
import type { NewTokenFlags } from '../../src/app/access/read-new-token.ts';
import type { UsageReport } from '../../src/app/codex/usage-report.ts';
import { addTestToken } from '../support/add-token.ts';
import { readFiles } from '../support/read-files.ts';
import { connect } from '../support/response-socket.ts';
import { say } from '../support/upstream.ts';
import { TOKEN } from '../support/gateway.ts';
import { useTestGateway } from '../support/use-test-gateway.ts';

const gateway = useTestGateway({ config: { limits: { running: 1 } } });

const MODEL = 'gpt-5.5';
const CHAT = { model: MODEL, messages: [{ role: 'user' as const, content: 'hello' }] };

const add = async (name: string, flags?: NewTokenFlags) =>
  await addTestToken(gateway.stateDirectory, name, flags);

async function get(path: string, key: string) {
  const response = await gateway.fetch(path, { headers: { authorization: `Bearer ${key}` } });
  const { status, headers } = response;
  return { status, retryAfter: headers.get('retry-after'), text: await response.text() };
}

const clientOf = (key: string) =>
  new OpenAI({ baseURL: `${gateway.running.origin}/v1`, apiKey: key, maxRetries: 0 });

/** Lets the provider wait with its answer. */
function holdAnswer() {
  const begun = Promise.withResolvers<void>();
  const end = Promise.withResolvers<void>();
  gateway.upstream.use((request, response) => {
    begun.resolve();
    void end.promise.then(() => say('done')(request, response));
  });
  return { begun: begun.promise, end: end.resolve };
}

/** Asks until the token is refused, for at most the second in which a running gateway has to learn of it. */
async function untilRefused(key: string) {
  const end = performance.now() + 1_000;
  for (;;) {
    const answer = await get('/v1/models', key);
    if (answer.status === 401) return answer;
    expect(performance.now()).toBeLessThan(end);
  }
}

it('a token that is added while the gateway runs can chat at once, and cannot once it is revoked', async () => {
  const key = await add('short-lived');
  gateway.upstream.use(say('hello'));
  const answer = await clientOf(key).chat.completions.create(CHAT);
  expect(answer.choices[0]?.message.content).toBe('hello');
  await revokeNamedToken(gateway.stateDirectory, 'short-lived');
  expect((await untilRefused(key)).text).toContain('invalid_api_key');
});

it('a token reaches only the surfaces of its scopes', async () => {
  const key = await add('watcher', { scope: 'metrics' });
  for (const path of ['/v1/models', '/status', '/v1/usage']) {
    expect(await get(path, key)).toMatchObject({
      status: 403,
      text: expect.stringContaining('Missing scopes: openai.') as string,
    });
  }
});

it('a token that has expired is refused, and the error says since when', async () => {
  const expires = new Date(Date.now() + 1_500).toISOString();
  const key = await add('guest', { expires });
  expect((await get('/v1/models', key)).status).toBe(200);
  const ask = async () => await get('/v1/models', key);
  await expect.poll(ask, { timeout: 10_000 }).toMatchObject({ status: 401 });
  expect((await ask()).text).toContain(`this token expired at ${expires}`);
});

describe('a token over its limit', () => {
  it('of requests a minute is refused at once, with the time to wait', async () => {
    const key = await add('rare', { limit: 'requests=2' });
    expect([(await get('/v1/models', key)).status, (await get('/v1/models', key)).status]).toEqual([
      200, 200,
    ]);
    const { status, retryAfter, text } = await get('/v1/models', key);
    expect([status, text]).toEqual([429, expect.stringContaining('"code":"rate_limit_exceeded"')]);
    expect(Number(retryAfter)).toBeGreaterThan(50);
    expect(Number(retryAfter)).toBeLessThanOrEqual(60);
  });

  it('of turns at once is refused at once, and can ask again when one has ended', async () => {
    const key = await add('one-turn', { limit: 'turns=1' });
    const client = clientOf(key);
    const turn = holdAnswer();
    const running = client.chat.completions.create(CHAT);
    await turn.begun;
    const refusal = { status: 429, code: 'rate_limit_exceeded' };
    await expect(client.chat.completions.create(CHAT)).rejects.toMatchObject(refusal);
    await expect(client.responses.create({ model: MODEL, input: 'hello' })).rejects.toMatchObject(refusal);
    await expect(
      client.responses.create({ model: MODEL, input: 'hello', background: true }),
    ).rejects.toMatchObject(refusal);
    turn.end();
    await running;
    gateway.upstream.use(say('again'));
    expect((await client.chat.completions.create(CHAT)).choices[0]?.message.content).toBe('again');
    await expect(client.chat.completions.create({ ...CHAT, n: 2 })).rejects.toMatchObject(refusal);
  });

  it('of tokens a day is refused until midnight UTC', async () => {
    const key = await add('thrifty', { limit: 'tokens=1' });
    gateway.upstream.use(say('hello'));
    await clientOf(key).chat.completions.create(CHAT);
    const response = await gateway.post(CHAT, { headers: { authorization: `Bearer ${key}` } });
    expect(response.status).toBe(429);
    const midnight = Math.ceil(Date.now() / 86_400_000) * 86_400_000;
    const left = Number(response.headers.get('retry-after'));
    expect(Math.abs(left - (midnight - Date.now()) / 1_000)).toBeLessThan(5);
    expect(response.headers.get('x-should-retry')).toBe('false');
    expect(await response.text()).toContain('on tokens per day (TPD): Limit 1, Used ');
    expect((await get('/v1/models', key)).status).toBe(200);
  });
});

it('an answer that the client breaks off counts for the tokens of the day', async () => {
  const key = await add('hasty', { limit: 'tokens=1' });
  const counted = async () => {
    const usage = JSON.parse((await get('/v1/usage', TOKEN)).text) as UsageReport;
    return usage.tokens.since_start[MODEL]?.input ?? 0;
  };
  const before = await counted();
  const turn = holdAnswer();
  const leaving = new AbortController();
  const asking = clientOf(key).chat.completions.create({ ...CHAT, stream: true }, { signal: leaving.signal });
  await turn.begun;
  leaving.abort();
  await expect(asking).rejects.toThrow('aborted');
  await expect.poll(counted, { timeout: 10_000 }).toBeGreaterThan(before);
  turn.end();
  const asked = gateway.upstream.requests.length;
  await expect(clientOf(key).chat.completions.create(CHAT)).rejects.toMatchObject({ status: 429 });
  expect(gateway.upstream.requests).toHaveLength(asked);
});

describe('when a token is revoked', () => {
  const revoked = /this token was revoked/;

  it('its running stream ends and says why, and its open WebSocket is closed', async () => {
    const key = await add('leaving');
    const client = clientOf(key);
    gateway.upstream.use(say('over the socket'));
    const socket = connect(client);
    expect((await socket.ask({ model: MODEL, input: 'hello' })).at(-1)?.type).toBe('response.completed');
    const turn = holdAnswer();
    const streaming = client.chat.completions.create({ ...CHAT, stream: true });
    await turn.begun;
    await revokeNamedToken(gateway.stateDirectory, 'leaving');
    await expect(streaming.then(readAll)).rejects.toThrow(revoked);
    expect(await socket.next()).toMatchObject({
      type: 'error',
      status: 401,
      error: { code: 'invalid_api_key' },
    });
    await socket.closed;
    turn.end();
  });

  it('its request leaves the queue, and those of others go on', async () => {
    const key = await add('waiter');
    const turn = holdAnswer();
    const first = gateway.client.chat.completions.create(CHAT);
    await turn.begun;
    const waiting = clientOf(key).chat.completions.create(CHAT);
    const inQueue = async () => (await get('/metrics', TOKEN)).text;
    await expect.poll(inQueue, { timeout: 10_000 }).toContain('codex_gateway_turns_waiting 1');
    await revokeNamedToken(gateway.stateDirectory, 'waiter');
    await expect(waiting).rejects.toThrow(revoked);
    turn.end();
    expect((await first).choices[0]?.message.content).toBe('done');
  });
});

async function readAll(chunks: AsyncIterable<unknown>): Promise<void> {
  for await (const chunk of chunks) void chunk;
}

it('after 20 wrong tokens further ones are slowed down, and right ones are not', async () => {
  const key = await add('right');
  const guess = async () => await get('/v1/models', 'codex-gateway-local-wrong');
  const answers = await Promise.all(Array.from({ length: 40 }, guess));
  const slowed = answers.filter(({ status }) => status === 429);
  expect(answers.filter(({ status }) => status === 401).length).toBeLessThanOrEqual(30);
  expect(slowed.length).toBeGreaterThan(0);
  expect(slowed[0]!.retryAfter).toBe('1');
  expect((await get('/v1/models', key)).status).toBe(200);
});

it('the state folder holds no named token, and the list shows its last use and its program', async () => {
  const key = await add('used');
  const headers = { authorization: `Bearer ${key}`, 'user-agent': 'tester/1.0' };
  await (await gateway.fetch('/v1/models', { headers })).text();
  const lastUse = async () =>
    (await listTokens(gateway.stateDirectory)).tokens.find(({ name }) => name === 'used')!;
  await expect.poll(lastUse, { timeout: 10_000 }).toMatchObject({ user_agent: 'tester/1.0' });
  expect(Date.now() - Date.parse((await lastUse()).last_used!)).toBeLessThan(60_000);
  const texts = Object.values(readFiles(gateway.stateDirectory));
  expect(texts.some((text) => text.includes('tester/1.0'))).toBe(true);
  expect(texts.filter((text) => text.includes(key))).toEqual([]);
});
