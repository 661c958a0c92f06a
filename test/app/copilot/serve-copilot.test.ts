import { writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { revokeNamedToken } from '../../../src/app/access/named-tokens.ts';
import { readSettings } from '../../../src/app/config/config.ts';
import { serveCopilot } from '../../../src/app/copilot/serve-copilot.ts';
import { COPILOT_TOKEN, startCopilotFakes } from '../../support/copilot/copilot-fakes.ts';
import { streamBytes } from '../../support/copilot/fake-copilot.ts';
import { addTestToken } from '../../support/add-token.ts';
import { createMemoryLog } from '../../support/memory-log.ts';
import { until } from '../../support/process.ts';
import { sendHttp, type HttpInit } from '../../support/send-http.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** Serves Copilot alone before fakes of Copilot and GitHub. */
async function start({ token, ...variables }: Record<string, string> & { token?: string } = {}) {
  const fakes = await startCopilotFakes();
  const environment = { HOME: temporaryFolder(), ...fakes.environment, ...variables };
  const settings = await readSettings({ port: '0', ...(token && { token }) }, environment);
  const log = createMemoryLog();
  const server = await serveCopilot(settings, environment, log);
  onTestFinished(async () => {
    await server.close(AbortSignal.abort());
    await fakes.close();
  });
  const ask = async (path: string, init?: HttpInit) => await sendHttp(`${server.origin}${path}`, init);
  return { ...fakes, server, log, ask };
}

const SIGNED_IN = { COPILOT_BEARER_TOKEN: COPILOT_TOKEN };
const POST = { method: 'POST', body: '{"model":"gpt-5.5","input":"hi"}' };

it('a server without Codex answers at the paths of earlier adapters and at those of the gateway', async () => {
  const { ask, copilot, server } = await start(SIGNED_IN);
  expect(server.login).toEqual({ isSignedIn: true });
  for (const prefix of ['', '/copilot']) {
    expect((await ask(`${prefix}/v1/responses`, POST)).status).toBe(200);
    expect(JSON.parse((await ask(`${prefix}/v1/models`)).text)).toMatchObject({
      object: 'list',
      data: [{ id: 'gpt-5.5' }, { id: 'gpt-5.6-luna' }],
    });
    expect(JSON.parse((await ask(`${prefix}/health`)).text)).toMatchObject({
      ok: true,
      service: 'codex-gateway',
    });
    expect((await ask(`${prefix}/v1/chat/completions`, POST)).status).toBe(404);
  }
  expect(copilot.responses.map(({ text }) => text)).toEqual([POST.body, POST.body]);
});

it('a server with a token asks for it, and one without does not', async () => {
  const closed = await start({ ...SIGNED_IN, token: 'secret-of-this-very-test' });
  expect((await closed.ask('/v1/responses', POST)).status).toBe(401);
  expect(
    (await closed.ask('/v1/responses', { ...POST, headers: { 'x-api-key': 'secret-of-this-very-test' } }))
      .status,
  ).toBe(200);
  const open = await start(SIGNED_IN);
  expect((await open.ask('/v1/responses', POST)).status).toBe(200);
});

describe('a server without a token of its own', () => {
  const ask = async ({ origin }: { origin: string }, headers: Record<string, string> = {}) =>
    (await sendHttp(`${origin}/v1/models`, { headers })).status;

  it('is closed if a named token with the scope copilot exists, and opens for that one', async () => {
    const home = temporaryFolder();
    const folder = `${home}/.local/state/codex-gateway`;
    const copilot = await addTestToken(folder, 'copilot', { scope: 'copilot' });
    const other = await addTestToken(folder, 'other');
    const { server } = await start({ ...SIGNED_IN, HOME: home });
    expect(server.needsToken).toBe(true);
    expect(await ask(server)).toBe(401);
    expect(await ask(server, { authorization: 'Bearer wrong' })).toBe(401);
    expect(await ask(server, { authorization: `Bearer ${other}` })).toBe(403);
    expect(await ask(server, { authorization: `Bearer ${copilot}` })).toBe(200);
  });

  it('closes when such a token is added, and stays closed when that is revoked', async () => {
    const home = temporaryFolder();
    const folder = `${home}/.local/state/codex-gateway`;
    await addTestToken(folder, 'other');
    const { server } = await start({ ...SIGNED_IN, HOME: home });
    expect([server.needsToken, await ask(server)]).toEqual([false, 200]);
    const key = await addTestToken(folder, 'late', { scope: 'copilot' });
    await expect.poll(async () => await ask(server), { timeout: 10_000 }).toBe(401);
    expect(await ask(server, { authorization: `Bearer ${key}` })).toBe(200);
    await revokeNamedToken(folder, 'late');
    const withKey = async () => await ask(server, { authorization: `Bearer ${key}` });
    await expect.poll(withKey, { timeout: 10_000 }).toBe(401);
    expect(await ask(server)).toBe(401);
  });

  it('is closed if a named token cannot be read, whose scopes are then unknown', async () => {
    const home = temporaryFolder();
    const folder = `${home}/.local/state/codex-gateway`;
    await addTestToken(folder, 'damaged');
    writeFileSync(`${folder}/tokens/damaged.json`, '{');
    const { server } = await start({ ...SIGNED_IN, HOME: home });
    expect([server.needsToken, await ask(server)]).toEqual([true, 401]);
  });
});

it('a server without a token answers no page that has a host name of its own for this machine', async () => {
  const open = await start(SIGNED_IN);
  for (const host of ['localhost:60001', '127.0.0.1', '[::1]:60001']) {
    expect((await open.ask('/v1/models', { headers: { host } })).status).toBe(200);
  }
  for (const [headers, code] of [
    [{ host: 'rebound.example' }, 'forbidden_host'],
    [{ host: '192.168.0.1:60001' }, 'forbidden_host'],
    [{ origin: 'null' }, 'forbidden_origin'],
  ] as const) {
    const answer = await open.ask('/v1/models', { headers });
    expect([answer.status, JSON.parse(answer.text).error.code]).toEqual([403, code]);
  }
});

it('a server without a token answers no page, not even one of this machine', async () => {
  const open = await start(SIGNED_IN);
  const page = { origin: 'http://localhost:3000' };
  for (const [path, init] of [
    ['/v1/models', {}],
    ['/v1/responses', POST],
    ['/v1/responses', { method: 'OPTIONS', headers: { 'access-control-request-method': 'POST' } }],
  ] as [string, HttpInit][]) {
    const answer = await open.ask(path, { ...init, headers: { ...init.headers, ...page } });
    expect([answer.status, JSON.parse(answer.text).error.code]).toEqual([403, 'forbidden_origin']);
    expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
  }
  expect(open.copilot.requests).toEqual([]);
});

it('a server that a named token closes answers for the listed hosts, its own address and pages of this machine', async () => {
  const home = temporaryFolder();
  const folder = `${home}/.local/state/codex-gateway`;
  const config = `${home}/config.json`;
  writeFileSync(config, '{"allowedHosts":["gateway.example"],"host":"127.0.0.1"}', { mode: 0o600 });
  const { ask } = await start({ ...SIGNED_IN, HOME: home, CODEX_GATEWAY_CONFIG: config });
  const page = { host: 'gateway.example', origin: 'http://localhost:3000' };
  expect((await ask('/v1/models', { headers: page })).status).toBe(403);
  const key = await addTestToken(folder, 'late', { scope: 'copilot' });
  const withKey = { ...page, authorization: `Bearer ${key}` };
  await expect
    .poll(async () => (await ask('/v1/models', { headers: withKey })).status, { timeout: 10_000 })
    .toBe(200);
  const { status, headers } = await ask('/v1/models', { headers: page });
  expect([status, headers['access-control-allow-origin']]).toEqual([401, page.origin]);
});

it('the Codex of a gateway may have such a server as its provider', async () => {
  const { ask } = await start(SIGNED_IN);
  const headers = { originator: 'codex-gateway' };
  expect((await ask('/v1/responses', { ...POST, headers })).status).toBe(200);
});

it('a server without a login says so, and asks nothing of GitHub or Copilot', async () => {
  const { server, ask, copilot, github } = await start();
  expect(server.login).toEqual({ isSignedIn: false });
  for (const [path, init] of [
    ['/v1/responses', POST],
    ['/v1/models', {}],
  ] as const) {
    const answer = await ask(path, init);
    expect([answer.status, JSON.parse(answer.text)]).toMatchObject([
      401,
      {
        error: {
          code: 'copilot_auth_unavailable',
          message: expect.stringContaining('copilot login') as string,
        },
      },
    ]);
  }
  expect([copilot.requests, github.requests]).toEqual([[], []]);
});

it('the health has URLs without their secrets, and is found without a call', async () => {
  const { ask, copilot, github } = await start({
    COPILOT_RESPONSES_URL: 'https://user:password@copilot.example/responses?key=secret',
    COPILOT_MODELS_URL: 'https://copilot.example/models?key=secret#part',
  });
  expect(JSON.parse((await ask('/health')).text)).toMatchObject({
    upstreamResponsesUrl: 'https://copilot.example/responses',
    upstreamModelsUrl: 'https://copilot.example/models',
  });
  expect([copilot.requests, github.requests]).toEqual([[], []]);
});

describe('a stop', () => {
  it('lets streams end that have begun', async () => {
    const { server, ask, copilot } = await start(SIGNED_IN);
    const gate = Promise.withResolvers<void>();
    copilot.use(streamBytes(['data: 1\n\n', 'data: 2\n\n'], { next: () => gate.promise }));
    const answer = ask('/v1/responses', POST);
    await until(() => copilot.responses.length === 1);
    expect(server.running()).toBe(1);
    const stopped = server.close(new AbortController().signal);
    gate.resolve();
    expect((await answer).text).toBe('data: 1\n\ndata: 2\n\n');
    await stopped;
    expect(server.running()).toBe(0);
    await expect(ask('/health')).rejects.toThrow();
  });

  it('breaks streams off that take too long, and ends the requests to Copilot', async () => {
    const { server, copilot } = await start(SIGNED_IN);
    copilot.use(streamBytes(['data: 1\n\n'], { hold: new Promise(() => {}) }));
    const answer = await fetch(`${server.origin}/copilot/v1/responses`, POST);
    const reader = answer.body!.getReader();
    await reader.read();
    await server.close(AbortSignal.abort());
    await expect(reader.read()).rejects.toThrow();
    await copilot.responses[0]!.aborted;
  });

  it('refuses a request that still waits for its answer', async () => {
    const { server, ask, copilot } = await start(SIGNED_IN);
    copilot.use(() => {});
    const answer = ask('/v1/responses', POST);
    await until(() => copilot.responses.length === 1);
    await server.close(AbortSignal.abort());
    const { status, text } = await answer;
    expect([status, JSON.parse(text)]).toMatchObject([
      503,
      { error: { message: 'The gateway is shutting down.' } },
    ]);
  });
});

it('a client that reads nothing is left after REQUEST_TIMEOUT_MS, and no more is taken from Copilot', async () => {
  const { server, copilot, log } = await start({ ...SIGNED_IN, REQUEST_TIMEOUT_MS: '300' });
  const chunk = 'x'.repeat(65_536);
  let sent = 0;
  copilot.use((_request, response) => {
    response.writeHead(200);
    const write = () => {
      while (response.write(chunk)) sent += chunk.length;
    };
    response.on('drain', write);
    write();
  });
  const socket = createConnection(Number(new URL(server.origin).port), '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  socket.pause().on('error', () => {});
  socket.write(`POST /v1/responses HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}`);
  await until(() => log.lines.length > 0);
  expect(log.lines[0]).toContain('"code":"client_too_slow"');
  await copilot.responses[0]!.aborted;
  expect(sent).toBeLessThan(50_000_000);
});
