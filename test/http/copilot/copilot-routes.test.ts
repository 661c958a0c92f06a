import { Readable } from 'node:stream';
import { describe, expect, it, onTestFinished } from 'vitest';
import { listen } from '../../../src/app/lifecycle/listen.ts';
import { GatewayError } from '../../../src/base/errors.ts';
import { createCopilotApp } from '../../../src/http/copilot-app.ts';
import { createActiveRequests } from '../../../src/http/requests/active-requests.ts';
import type { CopilotAdapter, CopilotAnswer } from '../../../src/upstream/copilot/adapter.ts';
import { SILENT_DIAGNOSTICS } from '../../../src/upstream/copilot/diagnostics/request-diagnostics.ts';
import type { IncomingRequest } from '../../../src/upstream/copilot/request/prepare-request.ts';
import { brokenAnswer } from '../../../src/upstream/copilot/transport/upstream-failure.ts';
import { fixedTokens } from '../../support/fixed-tokens.ts';
import { createMemoryLog } from '../../support/memory-log.ts';
import { sendHttp, type HttpInit } from '../../support/send-http.ts';

const TOKEN = 'gateway-token';

function answerWith(body: Buffer | string, headers: CopilotAnswer['headers'] = {}): CopilotAnswer {
  return { status: 200, headers, body: Readable.from([body]), explainBreak: brokenAnswer };
}

/** Serves the routes before an adapter that notes its requests and sends them back. */
async function serve({
  token,
  perToken = 9,
  ...changes
}: Partial<CopilotAdapter> & { readonly token?: string; readonly perToken?: number } = {}) {
  const requests: IncomingRequest[] = [];
  const log = createMemoryLog();
  const copilot: CopilotAdapter = {
    async respond(request) {
      requests.push(request);
      request.onModel?.('gpt-5.5');
      return answerWith(request.body, { 'x-request-id': 'of-copilot' });
    },
    openDiagnostics: async () => SILENT_DIAGNOSTICS,
    knownUrl: async (path) => `https://copilot.example/${path}`,
    models: async () => [],
    listModels: async () => ({ object: 'list', data: [], models: [] }),
    isSignedIn: async () => true,
    account: async () => ({ user: undefined, account: undefined, problem: undefined }),
    close: async () => {},
    ...changes,
  };
  const app = createCopilotApp({
    routes: { copilot, bodyLimitBytes: 1000, perToken, stallLimitMs: 60_000 },
    bodyLimitBytes: 1_000_000,
    active: createActiveRequests(),
    observer: log,
    stallLimitMs: 60_000,
    tokens: token === undefined ? undefined : fixedTokens({ [token]: 'main' }),
    command: 'codex-gateway',
  });
  const handle = app.callback();
  const server = await listen('127.0.0.1', 0, (request, response) => void handle(request, response));
  onTestFinished(async () => {
    const closed = server.close();
    server.cut();
    await closed;
  });
  const ask = async (path: string, init?: HttpInit) =>
    await sendHttp(`http://127.0.0.1:${server.port}${path}`, init);
  return { requests, log, ask };
}

const POST = { method: 'POST', body: '{}' };

describe('a path', () => {
  it.each(['/v1/responses', '/copilot/v1/responses'])('%s leads to Copilot', async (path) => {
    const { ask, requests } = await serve();
    expect((await ask(path, POST)).status).toBe(200);
    expect(requests).toHaveLength(1);
  });

  it.each([
    '/',
    '/responses',
    '/v1/responses/',
    '/v1/Responses',
    '/V1/responses',
    '/v1//responses',
    '/v1/v1/responses',
    '/v1/%72esponses',
    '/v1/chat/completions',
    '/healthz',
    '/copilot',
    '/copilot/',
    '/copilot/responses',
    '/copilot/v1/responses/',
    '/copilot/v1/v1/responses',
    '/COPILOT/v1/responses',
    '/copilot/copilot/v1/responses',
  ])('%s leads nowhere, and the answer is that of the first adapter', async (path) => {
    const { ask, requests } = await serve();
    for (const init of [POST, {}]) {
      const answer = await ask(path, init);
      expect([answer.status, answer.text]).toEqual([
        404,
        '{"error":"not_found","message":"Supported endpoints: GET /health, GET /v1/models, POST /v1/responses."}',
      ]);
    }
    expect(requests).toEqual([]);
  });

  it.each([
    ['GET', '/v1/responses', 'POST'],
    ['HEAD', '/copilot/v1/responses', 'POST'],
    ['PUT', '/v1/responses', 'POST'],
    ['OPTIONS', '/copilot/v1/responses', 'POST'],
    ['POST', '/v1/models', 'HEAD, GET'],
    ['POST', '/health', 'HEAD, GET'],
    ['DELETE', '/copilot/health', 'HEAD, GET'],
  ])('refuses %s %s and names the methods that it answers', async (method, path, allow) => {
    const { ask, requests } = await serve();
    const answer = await ask(path, { method });
    expect([answer.status, answer.headers.allow]).toEqual([405, allow]);
    if (method !== 'HEAD') {
      expect(JSON.parse(answer.text)).toMatchObject({ error: { code: 'method_not_allowed', param: null } });
    }
    expect(requests).toEqual([]);
  });

  it.each(['/v1/models', '/copilot/v1/models', '/health'])('%s answers HEAD without a body', async (path) => {
    const answer = await (await serve()).ask(path, { method: 'HEAD' });
    expect([answer.status, answer.text]).toEqual([200, '']);
    expect(Number(answer.headers['content-length'])).toBeGreaterThan(10);
  });
});

it('the list of models is that of the adapter', async () => {
  const incoming: (string | undefined)[] = [];
  const { ask } = await serve({
    async listModels(_signal, authorization) {
      incoming.push(authorization);
      return { object: 'list', data: [], models: [] };
    },
  });
  const headers = { authorization: 'Bearer gho_caller' };
  const answer = await ask('/v1/models?client_version=0.169.0', { headers });
  expect(JSON.parse(answer.text)).toEqual({ object: 'list', data: [], models: [] });
  expect(incoming).toEqual(['Bearer gho_caller']);
});

it.each(['/health', '/copilot/health'])('%s needs no token and names the URLs of Copilot', async (path) => {
  const { ask } = await serve({ token: TOKEN });
  expect(JSON.parse((await ask(path)).text)).toEqual({
    ok: true,
    service: 'codex-gateway',
    upstreamResponsesUrl: 'https://copilot.example/responses',
    upstreamModelsUrl: 'https://copilot.example/models',
  });
});

describe('the token of the gateway', () => {
  it.each([
    [{ authorization: `Bearer ${TOKEN}` }, undefined],
    [{ 'api-key': TOKEN }, undefined],
    [{ 'x-api-key': TOKEN }, undefined],
    [{ 'x-api-key': TOKEN, authorization: 'Bearer gho_caller' }, 'Bearer gho_caller'],
    [{ 'api-key': TOKEN, authorization: 'token gho_caller' }, 'token gho_caller'],
    [{ 'api-key': 'other', 'x-api-key': TOKEN }, undefined],
    [{ 'x-api-key': 'other', authorization: `Bearer ${TOKEN}` }, undefined],
    // It is for nobody else, in any form.
    [{ 'x-api-key': TOKEN, authorization: TOKEN }, undefined],
    [{ 'x-api-key': TOKEN, authorization: `token ${TOKEN}` }, undefined],
  ])(
    "is enough in one header of %j; another Authorization is the caller's: %s",
    async (headers, incoming) => {
      const { ask, requests } = await serve({ token: TOKEN });
      expect((await ask('/v1/responses', { ...POST, headers })).status).toBe(200);
      expect(requests.map(({ authorization }) => authorization)).toEqual([incoming]);
    },
  );

  it.each([
    [{}, "You didn't provide an API key"],
    [{ authorization: 'Bearer gho_caller' }, 'Incorrect API key'],
    [{ 'x-api-key': 'other' }, 'Incorrect API key'],
    [{ 'x-api-key': 'other', 'api-key': 'another', authorization: 'Bearer third' }, 'Incorrect API key'],
  ])('is missing in %j, so that nothing is sent', async (headers, message) => {
    const { ask, requests } = await serve({ token: TOKEN });
    for (const path of ['/v1/responses', '/copilot/v1/responses', '/nowhere']) {
      const answer = await ask(path, { ...POST, headers });
      expect(answer.status).toBe(401);
      expect(JSON.parse(answer.text)).toMatchObject({
        error: { code: 'invalid_api_key', message: expect.stringContaining(message) as string },
      });
    }
    expect(requests).toEqual([]);
  });

  it("is not asked for where none is set; every Authorization is then the caller's", async () => {
    const { ask, requests } = await serve();
    await ask('/v1/responses', POST);
    await ask('/v1/responses', { ...POST, headers: { authorization: 'Bearer gho_caller' } });
    expect(requests.map(({ authorization }) => authorization)).toEqual([undefined, 'Bearer gho_caller']);
  });
});

it.each(['https://evil.example', 'null'])(
  'a web page of another host is refused, with the origin %s and without a token',
  async (origin) => {
    const { ask, requests } = await serve();
    const answer = await ask('/v1/responses', { ...POST, headers: { origin } });
    expect([answer.status, requests]).toEqual([403, []]);
  },
);

describe('the id of a request', () => {
  it('is that of Copilot, and the gateway has a header of its own for its id', async () => {
    const { ask, log } = await serve();
    const answer = await ask('/v1/responses', POST);
    expect(answer.headers['x-request-id']).toBe('of-copilot');
    const own = String(answer.headers['x-codex-gateway-request-id']);
    expect(own).toMatch(/^req_/);
    await expect.poll(() => log.lines).toHaveLength(1);
    expect(log.lines[0]).toContain(`"id":"${own}"`);
  });

  it('is absent if Copilot sends none', async () => {
    const { ask } = await serve({
      respond: async () => answerWith('x'),
    });
    expect((await ask('/v1/responses', POST)).headers).not.toHaveProperty('x-request-id');
  });

  it.each(['/nowhere', '/health', '/v1/responses'])('is in the answer to GET %s', async (path) => {
    const answer = await (await serve()).ask(path);
    expect(answer.headers['x-codex-gateway-request-id']).toMatch(/^req_/);
  });
});

it('an error of the adapter itself has the shape of OpenAI, and the log its code', async () => {
  const { ask, log } = await serve({
    respond: () =>
      Promise.reject(new GatewayError('copilot_signed_out', 'Run `codex-gateway copilot login`.')),
  });
  const answer = await ask('/v1/responses', POST);
  expect([answer.status, JSON.parse(answer.text)]).toEqual([
    401,
    {
      error: {
        message: 'Run `codex-gateway copilot login`.',
        type: 'authentication_error',
        param: null,
        code: 'copilot_auth_unavailable',
      },
    },
  ]);
  await expect.poll(() => log.lines).toHaveLength(1);
  expect(log.lines[0]).toMatch(/^warn request .*"status":401,.*"code":"copilot_auth_unavailable"/);
});

it('an answer that cannot be sent is an error of the usual shape', async () => {
  const given = answerWith('x', { 'x-broken': 'line\nbreak' });
  const { ask } = await serve({ respond: async () => given });
  const answer = await ask('/v1/responses', POST);
  expect([answer.status, JSON.parse(answer.text)]).toMatchObject([
    502,
    { error: { code: 'upstream_request_failed' } },
  ]);
  expect(given.body.destroyed).toBe(true);
});

it('the line of a request in the log has status, model and time of the first byte', async () => {
  const { ask, log } = await serve();
  await ask('/v1/responses', POST);
  await expect.poll(() => log.lines).toHaveLength(1);
  expect(log.lines[0]).toMatch(
    /^info request .*"method":"POST","path":"\/v1\/responses","model":"gpt-5\.5","firstMs":\d+,"status":200/,
  );
});

it('a model whose name is not plain is not logged, because it is text of the caller', async () => {
  const { ask, log } = await serve({
    async respond({ onModel }) {
      onModel?.('my secret story');
      return answerWith('x');
    },
  });
  await ask('/v1/responses', POST);
  await expect.poll(() => log.lines).toHaveLength(1);
  expect(log.lines[0]).not.toContain('story');
});

it('a token with as many running requests as it may have gets a 429, until one has ended', async () => {
  const begun = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  const { ask } = await serve({
    token: TOKEN,
    perToken: 1,
    async respond() {
      begun.resolve();
      await gate.promise;
      return answerWith('{}');
    },
  });
  const init = { ...POST, headers: { authorization: `Bearer ${TOKEN}` } };
  const first = ask('/v1/responses', init);
  await begun.promise;
  const second = await ask('/v1/responses', init);
  expect([second.status, second.headers['retry-after']]).toEqual([429, '5']);
  gate.resolve();
  expect((await first).status).toBe(200);
  expect((await ask('/v1/responses', init)).status).toBe(200);
});
