import { expect, it } from 'vitest';
import { addTestToken } from '../support/add-token.ts';
import { appServerPid } from '../support/child-at-line.ts';
import { connect } from '../support/response-socket.ts';
import { sayByHand } from '../support/upstream-answers.ts';
import { refuse, say } from '../support/upstream.ts';
import { useTestGateway } from '../support/use-test-gateway.ts';

const LIMITS = { running: 1, waiting: 8, perToken: 7, bodyBytes: 1_000_000 };
const gateway = useTestGateway({ config: { limits: LIMITS } });

const CHAT = { model: 'gpt-5.5', messages: [{ role: 'user', content: 'PROMPT-TEXT' }] };

async function scrape(): Promise<string> {
  const response = await gateway.fetch('/metrics');
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
  return await response.text();
}

/** Returns the value of a series; 0 for one that has none yet. */
function valueOf(text: string, name: string, labels: Readonly<Record<string, string>> = {}): number {
  const lines = text.split('\n').filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
  const found = lines.find((line) =>
    Object.entries(labels).every(([label, value]) => line.includes(`${label}="${value}"`)),
  );
  return Number(found?.split(' ').at(-1) ?? 0);
}

/** Waits until a series is above a value: the end of a request is noticed shortly after its last byte. */
async function waitFor(
  name: string,
  labels: Readonly<Record<string, string>> = {},
  above = 0,
): Promise<string> {
  for (;;) {
    const text = await scrape();
    if (valueOf(text, name, labels) > above) return text;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const REQUESTS = 'codex_gateway_requests_total';
const ROUTE = '/v1/chat/completions';

it('a request counts by route, model, token and outcome, with its tokens and times', async () => {
  gateway.upstream.use(say('Hello.'));
  await (await gateway.post(CHAT)).text();
  const text = await waitFor(REQUESTS, { route: ROUTE, outcome: 'ok', model: 'gpt-5.5' });
  const key = 'main';
  for (const [kind, count] of [
    ['input', 11],
    ['cached', 3],
    ['output', 7],
  ] as const) {
    expect(valueOf(text, 'codex_gateway_tokens_total', { kind, model: 'gpt-5.5', key })).toBe(count);
  }
  expect(text).toContain('codex_gateway_tokens_total{kind="reasoning",model="gpt-5.5"');
  expect(valueOf(text, 'codex_gateway_first_token_seconds_count')).toBe(1);
  expect(valueOf(text, 'codex_gateway_request_seconds_count')).toBe(1);
});

it('a failed request counts with the code of its error, and with the model that was asked', async () => {
  gateway.upstream.use(refuse(400, { error: { message: 'no', code: 'made_up_by_the_provider' } }));
  const failed = await gateway.post(CHAT);
  await failed.text();
  expect(failed.ok).toBe(false);
  const text = await waitFor(REQUESTS, { route: ROUTE, model: 'gpt-5.5', outcome: 'provider_rejected' });
  expect(text).not.toContain('made_up_by_the_provider');
});

it('a client that goes away counts as client_gone', async () => {
  const leaving = new AbortController();
  gateway.upstream.use(() => leaving.abort());
  await gateway.post(CHAT, { signal: leaving.signal }).catch(() => {});
  const labels = { route: ROUTE, model: 'gpt-5.5', outcome: 'client_gone' };
  expect(valueOf(await waitFor(REQUESTS, labels), REQUESTS, labels)).toBe(1);
});

it('a model, a token and a path that do not exist have no label values of their own', async () => {
  await (await gateway.post({ ...CHAT, model: 'MODEL-TEXT' })).text();
  await (await gateway.post(CHAT, { headers: { authorization: 'Bearer TOKEN-TEXT' } })).text();
  await (await gateway.fetch('/v1/PATH-TEXT')).text();
  await waitFor(REQUESTS, { route: '', outcome: 'unknown_url' });
  await waitFor(REQUESTS, { route: ROUTE, model: '', key: '', outcome: 'invalid_api_key' });
  const text = await waitFor(REQUESTS, { route: ROUTE, model: '', outcome: 'model_not_found' });
  expect(text).not.toContain('-TEXT');
});

it('/metrics has every metric with HELP and TYPE, and real values for those of the moment', async () => {
  gateway.upstream.use(say('Hello.'));
  const body = JSON.stringify({ model: 'gpt-5.5', input: 'hello', store: true });
  await (await gateway.fetch('/v1/responses', { method: 'POST', body })).text();
  const text = await waitFor('codex_gateway_store_seconds_count', {});
  const types = {
    codex_gateway_requests_total: 'counter',
    codex_gateway_tokens_total: 'counter',
    codex_gateway_first_token_seconds: 'histogram',
    codex_gateway_request_seconds: 'histogram',
    codex_gateway_store_seconds: 'histogram',
    codex_gateway_turns_running: 'gauge',
    codex_gateway_turns_waiting: 'gauge',
    codex_gateway_child_memory_bytes: 'gauge',
    codex_gateway_store_bytes: 'gauge',
    codex_gateway_limit: 'gauge',
    codex_gateway_child_restarts_total: 'counter',
    process_resident_memory_bytes: 'gauge',
    process_cpu_seconds_total: 'counter',
  };
  for (const [name, type] of Object.entries(types)) {
    expect(text).toMatch(new RegExp(`^# HELP ${name} \\S`, 'm'));
    expect(text).toContain(`# TYPE ${name} ${type}\n`);
  }
  expect(valueOf(text, 'codex_gateway_child_memory_bytes')).toBeGreaterThan(1024 * 1024);
  expect(valueOf(text, 'codex_gateway_store_bytes')).toBeGreaterThan(0);
  for (const [name, limit] of Object.entries(LIMITS)) {
    expect(valueOf(text, 'codex_gateway_limit', { name })).toBe(limit);
    expect(text.split(`codex_gateway_limit{name="${name}"}`)).toHaveLength(2);
  }
});

it('turns that run and that wait for a place are counted', async () => {
  const answer = sayByHand();
  gateway.upstream.use(answer.script);
  const first = gateway.post(CHAT);
  await answer.asked;
  gateway.upstream.use(say('Hello.'));
  const second = gateway.post(CHAT);
  const text = await waitFor('codex_gateway_turns_waiting');
  expect(valueOf(text, 'codex_gateway_turns_waiting')).toBe(1);
  expect(valueOf(text, 'codex_gateway_turns_running')).toBe(1);
  answer.end();
  expect([(await first).status, (await second).status]).toEqual([200, 200]);
});

it('a named token is the key of what it asks, and needs the scope metrics to read that', async () => {
  gateway.upstream.use(say('Hello.'));
  const key = await addTestToken(gateway.stateDirectory, 'team');
  const headers = { authorization: `Bearer ${key}` };
  await (await gateway.post(CHAT, { headers })).text();
  const text = await waitFor(REQUESTS, { route: ROUTE, model: 'gpt-5.5', key: 'team', outcome: 'ok' });
  expect(valueOf(text, 'codex_gateway_tokens_total', { kind: 'output', key: 'team' })).toBe(7);
  const refused = await gateway.fetch('/metrics', { headers });
  expect([refused.status, await refused.text()]).toEqual([
    403,
    expect.stringContaining('Missing scopes: metrics.'),
  ]);
  const watcher = await addTestToken(gateway.stateDirectory, 'watcher', { scope: 'metrics' });
  const read = await gateway.fetch('/metrics', { headers: { authorization: `Bearer ${watcher}` } });
  expect(read.status).toBe(200);
});

it('each response on a WebSocket counts once, and its connection does not', async () => {
  gateway.upstream.use(say('Hello.'));
  const before = await scrape();
  const labels = { route: '/v1/responses', model: 'gpt-5.5', key: 'main', outcome: 'ok' };
  const socket = connect(gateway.client);
  await socket.ask({ model: 'gpt-5.5', input: 'one' });
  await socket.ask({ model: 'gpt-5.5', input: 'two' });
  socket.client.close();
  await socket.closed;
  const earlier = valueOf(before, REQUESTS, labels);
  const text = await waitFor(REQUESTS, labels, earlier + 1);
  expect(valueOf(text, REQUESTS, labels)).toBe(earlier + 2);
  expect(text).not.toMatch(/outcome="(?:101|refused)"/);
});

it('a response in the background counts with the route background and its model', async () => {
  gateway.upstream.use(say('Hello.'));
  const asked = { model: 'gpt-5.5', input: 'hello', background: true } as const;
  const { id } = await gateway.client.responses.create(asked);
  await (await gateway.fetch(`/v1/responses/${id}?stream=true`)).text();
  const labels = { route: 'background', model: 'gpt-5.5', key: 'main', outcome: 'ok' };
  expect(valueOf(await waitFor(REQUESTS, labels), REQUESTS, labels)).toBe(1);
});

it('/metrics needs a token', async () => {
  const response = await gateway.fetch('/metrics', { headers: { authorization: '' } });
  expect(response.status).toBe(401);
});

it('/status has the figures of the moment and of the last hour', async () => {
  const figures = (await (await gateway.fetch('/status')).json()) as Record<string, unknown>;
  expect(figures).toMatchObject({
    account: null,
    limits: [],
    turns: { running: expect.any(Number), waiting: 0 },
    last_hour: { requests: expect.any(Number), errors: expect.any(Number) },
  });
  const { memory } = figures as { memory: { gateway: number; child: number } };
  expect(memory.gateway).toBeGreaterThan(1024 * 1024);
  expect(memory.child).toBeGreaterThan(1024 * 1024);
});

it('an app-server that is killed and started again counts as one restart', async () => {
  const name = 'codex_gateway_child_restarts_total';
  expect(valueOf(await scrape(), name)).toBe(0);
  process.kill(appServerPid(), 'SIGKILL');
  expect(valueOf(await waitFor(name), name)).toBe(1);
  gateway.upstream.use(say('Hello.'));
  expect((await gateway.post(CHAT)).status).toBe(200);
  expect(valueOf(await scrape(), name)).toBe(1);
});
