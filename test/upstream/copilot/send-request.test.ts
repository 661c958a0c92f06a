import { expect, it, onTestFinished, vi } from 'vitest';
import type { Observation } from '../../../src/base/observation.ts';
import type { Credential } from '../../../src/upstream/copilot/auth/credential.ts';
import { SILENT_DIAGNOSTICS } from '../../../src/upstream/copilot/diagnostics/request-diagnostics.ts';
import { sendRequest } from '../../../src/upstream/copilot/send-request.ts';
import { createHttpClient } from '../../../src/upstream/copilot/transport/http-client.ts';
import { startScriptedServer, type ScriptedAnswer } from '../../support/start-http-server.ts';
import { text } from 'node:stream/consumers';
import type { SenderParts } from '../../../src/upstream/copilot/send-request.ts';

const BODY = Buffer.from('{ "model" : "gpt-5.5", "input": "hi" }');
const OK: ScriptedAnswer = {
  status: 200,
  headers: { 'content-type': 'text/event-stream' },
  body: 'data: {}\n\n',
};
const UNAUTHORIZED: ScriptedAnswer = { status: 401, body: 'unauthorized' };
const LIMITED: ScriptedAnswer = { status: 429, body: 'slow down' };

interface SetUp {
  readonly answers: readonly ScriptedAnswer[];
  readonly renewed?: Credential;
  readonly rateLimit?: Partial<SenderParts['options']['rateLimit']>;
}

/** Sends one request to a server with these answers. */
async function prepare({ answers, renewed, rateLimit }: SetUp) {
  const upstream = await startScriptedServer(...answers);
  const http = createHttpClient({ proxyFor: () => undefined });
  onTestFinished(async () => await http.close());
  const observed: Observation[] = [];
  const refused: Credential[] = [];
  const credentials: SenderParts['credentials'] = {
    current: async () => ({ bearer: 'first', source: 'token file' }),
    async renew(credential) {
      refused.push(credential);
      return renewed;
    },
  };
  const client = new AbortController();
  const parts: SenderParts = {
    http,
    credentials,
    diagnostics: SILENT_DIAGNOSTICS,
    endpoints: { locate: async () => `${upstream.origin}/responses?a=b`, known: () => '' },
    options: {
      headersTimeoutMs: 10_000,
      idleTimeoutMs: 10_000,
      rateLimit: { budgetMs: 60_000, maxSleepMs: 1, initialBackoffMs: 1, backoffMultiplier: 2, ...rateLimit },
      request: { headers: {} },
      observer: { observe: (one) => void observed.push(one), within: (_, run) => run() },
    } as Partial<SenderParts['options']> as SenderParts['options'],
  };
  const prepared = {
    headers: { accept: 'text/event-stream' },
    body: BODY,
    model: undefined,
    stripped: [],
    markSent: vi.fn<() => void>(),
  };
  return {
    upstream,
    observed,
    refused,
    client,
    send: async () => await sendRequest(parts, prepared, undefined, client.signal),
  };
}

it('a request is sent unchanged, with the token and an id', async () => {
  const { send, upstream } = await prepare({ answers: [OK] });
  const answer = await send();
  expect(await text(answer.body)).toBe('data: {}\n\n');
  expect(upstream.received).toHaveLength(1);
  expect(upstream.received[0]).toMatchObject({
    method: 'POST',
    url: '/responses?a=b',
    headers: {
      accept: 'text/event-stream',
      authorization: 'Bearer first',
      'x-request-id': expect.stringMatching(/^[\da-f-]{36}$/),
      'content-length': String(BODY.length),
    },
  });
  expect(upstream.received[0]?.body).toEqual(BODY);
});

it('after a 401, the same bytes are sent once more with another token and another id', async () => {
  const renewed: Credential = { bearer: 'second', source: 'token file' };
  const { send, upstream, refused } = await prepare({ answers: [UNAUTHORIZED, OK], renewed });
  expect((await send()).status).toBe(200);
  const [first, second] = upstream.received;
  expect(upstream.received).toHaveLength(2);
  expect(second?.headers.authorization).toBe('Bearer second');
  expect(second?.body).toEqual(BODY);
  expect(second?.headers['x-request-id']).not.toBe(first?.headers['x-request-id']);
  expect(refused.map(({ bearer }) => bearer)).toEqual(['first']);
});

it('a second 401 goes to the client as it is', async () => {
  const renewed: Credential = { bearer: 'second', source: 'token file' };
  const { send, upstream } = await prepare({ answers: [UNAUTHORIZED], renewed });
  const answer = await send();
  expect([answer.status, await text(answer.body)]).toEqual([401, 'unauthorized']);
  expect(upstream.received).toHaveLength(2);
});

it('a 401 goes to the client at once if there is no other token', async () => {
  const { send, upstream } = await prepare({ answers: [UNAUTHORIZED] });
  const answer = await send();
  expect([answer.status, await text(answer.body)]).toEqual([401, 'unauthorized']);
  expect(upstream.received).toHaveLength(1);
});

it('a 429 is waited out, then the same bytes are sent with another id', async () => {
  const { send, upstream, observed } = await prepare({ answers: [LIMITED, LIMITED, OK] });
  expect(await text((await send()).body)).toBe('data: {}\n\n');
  expect(upstream.received.map(({ body }) => body)).toEqual([BODY, BODY, BODY]);
  expect(new Set(upstream.received.map(({ headers }) => headers['x-request-id']))).toHaveLength(3);
  expect(observed).toEqual([
    { type: 'copilot-rate-limited', waitMs: 1, attempt: 1 },
    { type: 'copilot-rate-limited', waitMs: 1, attempt: 2 },
  ]);
});

it('a 429 whose wait does not fit into the budget is final at once', async () => {
  const { send, upstream } = await prepare({
    answers: [{ ...LIMITED, headers: { 'retry-after': '200000' } }],
  });
  await expect(send()).rejects.toMatchObject({ code: 'copilot_quota_exceeded' });
  expect(upstream.received).toHaveLength(1);
});

it('with a budget of 0, the first 429 is final', async () => {
  const { send, upstream } = await prepare({ answers: [LIMITED], rateLimit: { budgetMs: 0 } });
  await expect(send()).rejects.toMatchObject({ code: 'copilot_quota_exceeded' });
  expect(upstream.received).toHaveLength(1);
});

it('waits end when the budget is used up', async () => {
  const { send, upstream } = await prepare({
    answers: [{ ...LIMITED, headers: { 'retry-after': '1' } }],
    rateLimit: { budgetMs: 1_003 },
  });
  await expect(send()).rejects.toMatchObject({ code: 'copilot_quota_exceeded' });
  expect(upstream.received).toHaveLength(5);
});

it('402 is never waited out', async () => {
  const { send, upstream } = await prepare({ answers: [{ status: 402, headers: { 'retry-after': '1' } }] });
  await expect(send()).rejects.toMatchObject({ code: 'copilot_quota_exceeded' });
  expect(upstream.received).toHaveLength(1);
});

it.each([400, 403, 404, 422, 500, 502, 503, 529])('status %i goes to the client as it is', async (status) => {
  const { send, upstream } = await prepare({
    answers: [{ status, headers: { 'retry-after': '9' }, body: 'no' }],
  });
  const answer = await send();
  expect([answer.status, answer.headers['retry-after'], await text(answer.body)]).toEqual([
    status,
    '9',
    'no',
  ]);
  expect(upstream.received).toHaveLength(1);
});

it('a 401 after a wait is renewed, and a 429 after that is waited out', async () => {
  const renewed: Credential = { bearer: 'second', source: 'token file' };
  const { send, upstream } = await prepare({ answers: [LIMITED, UNAUTHORIZED, LIMITED, OK], renewed });
  expect((await send()).status).toBe(200);
  expect(upstream.received.map(({ headers }) => headers.authorization)).toEqual([
    'Bearer first',
    'Bearer first',
    'Bearer second',
    'Bearer second',
  ]);
});

it('a client that leaves ends the waiting', async () => {
  const { send, upstream, client, observed } = await prepare({
    answers: [{ ...LIMITED, headers: { 'retry-after': '50' } }],
    rateLimit: { maxSleepMs: 60_000 },
  });
  const sent = send();
  await expect.poll(() => observed).toHaveLength(1);
  const left = new Error('left');
  client.abort(left);
  await expect(sent).rejects.toBe(left);
  expect(upstream.received).toHaveLength(1);
});
