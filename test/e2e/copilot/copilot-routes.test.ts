import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { shareCopilotGateway, useCopilotGateway } from '../../support/copilot/copilot-fakes.ts';
import { streamBytes } from '../../support/copilot/fake-copilot.ts';
import { answerWith } from '../../support/copilot/recording-server.ts';
import { TOKEN } from '../../support/gateway.ts';
import { until } from '../../support/process.ts';
import { sendHttp, type HttpInit } from '../../support/send-http.ts';

const LIMIT_BYTES = 100_000;

const gateway = shareCopilotGateway({
  config: { bodyLimit: LIMIT_BYTES, keepAlive: { comment: 0.02, heartbeat: 0.02 } },
});

/** Sends `POST /copilot/v1/responses` with nothing but the token. */
async function respond({ headers, ...init }: HttpInit = {}) {
  return await sendHttp(`${gateway.running.origin}/copilot/v1/responses`, {
    method: 'POST',
    headers: { 'x-api-key': TOKEN, ...headers },
    ...init,
  });
}

/** Sends bytes over a connection of their own and returns all that comes until it is closed. */
async function talk(lines: readonly string[], body = ''): Promise<string> {
  const { hostname, port } = new URL(gateway.running.origin);
  const socket = connect(Number(port), hostname);
  const [start, ...headers] = lines;
  const head = [start, 'Host: localhost', `Authorization: Bearer ${TOKEN}`, ...headers, 'Connection: close'];
  socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
  return await text(socket);
}

const POST = 'POST /copilot/v1/responses HTTP/1.1';

describe('the paths of the adapter', () => {
  it.each([
    '/copilot',
    '/copilot/responses',
    '/copilot/v1/responses/',
    '/Copilot/v1/models',
    '/copilot/v1/v1/models',
  ])('are taken literally: %s is answered as by the first adapter', async (path) => {
    const answer = await gateway.fetch(path);
    expect([answer.status, await answer.text()]).toEqual([
      404,
      '{"error":"not_found","message":"Supported endpoints: GET /health, GET /v1/models, POST /v1/responses."}',
    ]);
  });

  it('are below /copilot alone, so that others stay as they are', async () => {
    // That of agent sessions, which are off.
    const answer = await gateway.fetch('/health');
    expect([answer.status, await answer.json()]).toMatchObject([404, { ok: false }]);
    const models = (await (await gateway.fetch('/v1/models')).json()) as object;
    expect(models).not.toHaveProperty('models');
  });

  it('have a health that calls no one', async () => {
    const answer = await sendHttp(`${gateway.running.origin}/copilot/health`);
    expect(JSON.parse(answer.text)).toEqual({
      ok: true,
      service: 'codex-gateway',
      upstreamResponsesUrl: `${gateway.copilot.origin}/responses`,
      upstreamModelsUrl: `${gateway.copilot.origin}/models`,
    });
    expect([gateway.copilot.requests, gateway.github.requests]).toEqual([[], []]);
  });

  it('open no WebSocket', async () => {
    const answer = await talk([
      'GET /copilot/v1/responses HTTP/1.1',
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    ]);
    expect(answer).toMatch(/^HTTP\/1\.1 405 .*\r\nallow: POST\r\n/is);
  });

  it('are absent where Copilot is switched off, as its models are, and nothing is asked', async () => {
    const other = await useCopilotGateway({ config: { copilot: { enabled: false } } });
    for (const path of ['/copilot/v1/models', '/copilot/health']) {
      const answer = await other.fetch(path);
      expect([answer.status, await answer.json()]).toMatchObject([404, { error: { code: 'unknown_url' } }]);
    }
    expect((await other.respond('{}')).status).toBe(404);
    expect(await (await other.fetch('/v1/models')).text()).not.toContain('copilot/');
    const answer = await other.post({
      model: 'copilot/gpt-5.5',
      messages: [{ role: 'user', content: 'hi' }],
    });
    expect([answer.status, await answer.json()]).toMatchObject([404, { error: { code: 'model_not_found' } }]);
    expect([...other.copilot.requests, ...other.github.requests]).toEqual([]);
  });
});

describe('a body', () => {
  it.each([
    ['an unknown encoding', { 'content-encoding': 'odd, zstd' }, 'bytes'],
    ['an unknown charset', { 'content-type': 'text/plain; charset=klingon' }, 'bytes'],
    ['no type', {}, 'bytes'],
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }, 'a=b'],
    ['no bytes', {}, ''],
    ['exactly the limit', {}, 'x'.repeat(LIMIT_BYTES)],
  ])('of %s is sent upstream as it is', async (_what, headers, body) => {
    expect((await respond({ headers, body })).status).toBe(200);
    const [request] = gateway.copilot.responses;
    expect(request!.text === body).toBe(true);
    expect(request!.headers['content-length']).toBe(String(body.length));
    for (const name of Object.keys(headers)) {
      expect(request!.headers[name]).toBe(headers[name as keyof typeof headers]);
    }
  });

  it('over the limit is refused by its length before it is sent', async () => {
    const answer = await talk([POST, `Content-Length: ${LIMIT_BYTES + 1}`, 'Expect: 100-continue']);
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(answer).toContain('"code":"request_too_large"');
    expect(gateway.copilot.requests).toEqual([]);
  });

  it('over the limit is refused in chunks, too', async () => {
    const chunk = `10000\r\n${'x'.repeat(65_536)}\r\n`;
    const answer = await talk([POST, 'Transfer-Encoding: chunked'], `${chunk}${chunk}0\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(gateway.copilot.requests).toEqual([]);
  });

  it('in chunks is sent upstream as it is', async () => {
    const answer = await talk([POST, 'Transfer-Encoding: chunked'], '3\r\n{"a\r\n4\r\n":1}\r\n0\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    expect(gateway.copilot.responses[0]!.text).toBe('{"a":1}');
  });

  it('is asked for where the client waits for that', async () => {
    const answer = await talk([POST, 'Content-Length: 2', 'Expect: 100-continue'], '{}');
    expect(answer).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 /);
    expect(gateway.copilot.responses[0]!.headers).not.toHaveProperty('expect');
  });

  it('is limited by REQUEST_BODY_LIMIT_BYTES, too, if that is less', async () => {
    const other = await useCopilotGateway({ environment: { REQUEST_BODY_LIMIT_BYTES: '10' } });
    expect((await other.respond('x'.repeat(10))).status).toBe(200);
    expect((await other.respond('x'.repeat(11))).status).toBe(413);
    expect(other.copilot.responses).toHaveLength(1);
    // The routes of OpenAI's API keep their limit.
    expect((await other.fetch('/v1/responses', { method: 'POST', body: '{"input":"x"}' })).status).not.toBe(
      413,
    );
  });
});

describe('a request', () => {
  it('has none of the headers by which its sender could be known or is let in', async () => {
    const headers = {
      cookie: 'a=b',
      'api-key': TOKEN,
      authorization: `Bearer ${TOKEN}`,
      'x-request-id': 'mine',
    };
    await respond({ headers, body: '{}' });
    const [request] = gateway.copilot.responses;
    for (const name of ['cookie', 'api-key', 'x-api-key']) expect(request!.headers).not.toHaveProperty(name);
    expect(request!.rawHeaders.join(' ')).not.toContain(TOKEN);
    expect(request!.headers['x-request-id']).not.toBe('mine');
  });

  it('with an Idempotency-Key is a request of its own each time', async () => {
    const headers = { 'idempotency-key': 'one' };
    const answers = await Promise.all([1, 2].map(() => respond({ headers, body: '{}' })));
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(gateway.copilot.responses).toHaveLength(2);
  });

  it("of the gateway's own Codex is not a loop", async () => {
    const headers = { originator: 'codex-gateway' };
    expect((await respond({ headers, body: '{}' })).status).toBe(200);
    expect((await gateway.fetch('/v1/models', { headers })).status).toBe(508);
  });
});

describe('an answer', () => {
  it('has the headers of Copilot, and the id of the gateway beside them', async () => {
    gateway.copilot.use(answerWith(201, '{}', { 'x-ratelimit-limit': '5', 'cache-control': 'max-age=1' }));
    const { status, headers } = await respond({ body: '{"unknown_field":1}' });
    expect(status).toBe(201);
    expect(Object.keys(headers).toSorted()).toEqual([
      'cache-control',
      'connection',
      'content-type',
      'date',
      'transfer-encoding',
      'x-codex-gateway-request-id',
      'x-ratelimit-limit',
    ]);
  });

  it('has no sign of life that Copilot does not send', async () => {
    gateway.copilot.use(
      streamBytes(['data: 1\n\n', 'data: 2\n\n'], {
        // Several times as long as the gateway's own answers may be silent.
        next: () => wait(150),
      }),
    );
    expect((await respond({ body: '{}' })).text).toBe('data: 1\n\ndata: 2\n\n');
  });

  it('that breaks off is a failure in the log, with the model of its request', async () => {
    gateway.copilot.use((_request, response) => {
      response.writeHead(200);
      response.write('data: 1\n\n', () => response.destroy());
    });
    await expect(respond({ body: '{"model":"gpt-5.5"}' })).rejects.toThrow();
    await until(() => gateway.log.lines.length > 0);
    expect(gateway.log.lines[0]).toMatch(
      /^warn request .*"path":"\/copilot\/v1\/responses","model":"gpt-5\.5",.*"status":499,.*"code":"upstream_request_failed"/,
    );
  });
});
