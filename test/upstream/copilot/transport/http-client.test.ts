import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer, text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { expect, it, onTestFinished } from 'vitest';
import type { GatewayError } from '../../../../src/base/errors.ts';
import {
  createHttpClient,
  type HttpClient,
  type HttpRequest,
} from '../../../../src/upstream/copilot/transport/http-client.ts';
import { startHttpServer, startScriptedServer } from '../../../support/start-http-server.ts';

function openClient(): HttpClient {
  const http = createHttpClient({ proxyFor: () => undefined });
  onTestFinished(async () => await http.close());
  return http;
}

function requestTo(url: string, more: Partial<HttpRequest> = {}): HttpRequest {
  const { signal } = new AbortController();
  return {
    method: 'GET',
    url,
    headers: {},
    signal,
    headersTimeoutMs: 10_000,
    idleTimeoutMs: 10_000,
    ...more,
  };
}

/** Serves requests one at a time: resolves to the next one, which the test answers. */
async function startManualServer() {
  const requests: [IncomingMessage, ServerResponse][] = [];
  const waiting: ((pair: [IncomingMessage, ServerResponse]) => void)[] = [];
  const { origin } = await startHttpServer((...pair) => {
    const next = waiting.shift();
    if (next) next(pair);
    else requests.push(pair);
  });
  const next = async () =>
    requests.shift() ??
    (await new Promise<[IncomingMessage, ServerResponse]>((resolve) => waiting.push(resolve)));
  return { origin, next };
}

it('bytes are not decoded: gzip stays gzip, with its content-encoding', async () => {
  const zipped = gzipSync('data: {}\n\n');
  const { origin } = await startScriptedServer({
    status: 200,
    headers: { 'content-encoding': 'gzip' },
    body: zipped,
  });
  const answer = await openClient().send(requestTo(origin));
  expect(answer.headers['content-encoding']).toBe('gzip');
  expect(await buffer(answer.body)).toEqual(zipped);
});

it('a header that comes twice stays two, and bytes beyond ASCII stay as they are', async () => {
  const { origin } = await startScriptedServer({
    status: 200,
    headers: { 'set-cookie': ['a=1', 'b=2'], 'X-Name': 'M\u00FCller' },
  });
  const { headers } = await openClient().send(requestTo(origin));
  expect(headers['set-cookie']).toEqual(['a=1', 'b=2']);
  expect(headers['x-name']).toBe('M\u00FCller');
});

it('a client that is closed before its first request sends none', async () => {
  const { origin, received } = await startScriptedServer({ status: 200 });
  const http = openClient();
  await http.close();
  await expect(http.send(requestTo(origin))).rejects.toMatchObject({
    code: 'upstream_request_failed',
    message: expect.stringContaining('the gateway is shutting down'),
  });
  expect(received).toEqual([]);
});

it('redirects are not followed', async () => {
  const { origin, received } = await startScriptedServer({ status: 307, headers: { location: '/other' } });
  expect((await openClient().send(requestTo(origin))).status).toBe(307);
  expect(received).toHaveLength(1);
});

it('hundreds of answers stream at once', async () => {
  const open: ServerResponse[] = [];
  const { origin } = await startHttpServer((_, response) => {
    response.writeHead(200).flushHeaders();
    open.push(response);
    if (open.length === 300) for (const one of open) one.end('all are here');
  });
  const http = openClient();
  const answers = await Promise.all(
    Array.from({ length: 300 }, async () => await http.send(requestTo(origin))),
  );
  const texts = await Promise.all(answers.map(async ({ body }) => await text(body)));
  expect(new Set(texts)).toEqual(new Set(['all are here']));
});

it('connections are kept for the next requests', async () => {
  const ports = new Set<number | undefined>();
  const { origin } = await startHttpServer((request, response) => {
    ports.add(request.socket.remotePort);
    response.end('ok');
  });
  const http = openClient();
  for (let count = 0; count < 10; count += 1) await text((await http.send(requestTo(origin))).body);
  // Undici frees a connection a moment after the end of its answer.
  expect(ports.size).toBeLessThanOrEqual(2);
});

it('an answer that does not begin in time is an upstream_timeout, and the connection is closed', async () => {
  const { origin, next } = await startManualServer();
  const sent = openClient().send(requestTo(`${origin}/path?key=secret`, { headersTimeoutMs: 50 }));
  const [request] = await next();
  const closed = once(request.socket, 'close');
  await expect(sent).rejects.toMatchObject({
    code: 'upstream_timeout',
    message: `No answer from ${origin}/path within 0.1 seconds.`,
  });
  await closed;
});

it.each(['', 'data: 1\n\n'])(
  'silence after the headers and "%s" breaks the answer off and closes the connection',
  async (first) => {
    const { origin, next } = await startManualServer();
    const sent = openClient().send(requestTo(origin, { idleTimeoutMs: 50 }));
    const [request, response] = await next();
    const closed = once(request.socket, 'close');
    response.flushHeaders();
    if (first !== '') response.write(first);
    const { body } = await sent;
    await expect(text(body)).rejects.toThrow('Timeout');
    await closed;
  },
);

it('a stream may take longer than the deadlines, as long as bytes arrive', async () => {
  const { origin, next } = await startManualServer();
  const sent = openClient().send(requestTo(origin, { idleTimeoutMs: 1_000, headersTimeoutMs: 1_000 }));
  const [, response] = await next();
  const { body } = await (response.flushHeaders(), sent);
  const read = text(body);
  for (let count = 0; count < 12; count += 1) {
    response.write('.');
    await sleep(100);
  }
  response.end();
  expect(await read).toBe('............');
});

it('a client that reads slowly does not make an answer silent', async () => {
  const { origin } = await startScriptedServer({ status: 200, body: Buffer.alloc(5_000_000, 'x') });
  const { body } = await openClient().send(requestTo(origin, { idleTimeoutMs: 50 }));
  await sleep(300);
  expect(await buffer(body)).toHaveLength(5_000_000);
});

it('a request that is given up before the answer closes its connection', async () => {
  const { origin, next } = await startManualServer();
  const client = new AbortController();
  const sent = openClient().send(requestTo(origin, { signal: client.signal }));
  const [request] = await next();
  const closed = once(request.socket, 'close');
  const left = new Error('left');
  client.abort(left);
  await expect(sent).rejects.toBe(left);
  await closed;
});

it('a request that is given up within the answer closes its connection', async () => {
  const { origin, next } = await startManualServer();
  const client = new AbortController();
  const sent = openClient().send(requestTo(origin, { signal: client.signal }));
  const [request, response] = await next();
  response.write('data: 1\n\n');
  const { body } = await sent;
  const closed = once(request.socket, 'close');
  client.abort(new Error('left'));
  await expect(text(body)).rejects.toThrow('left');
  await closed;
});

it('an answer that breaks off before anyone reads it is an error for the reader alone', async () => {
  const { origin, next } = await startManualServer();
  const sent = openClient().send(requestTo(origin));
  const [request, response] = await next();
  response.write('data: 1\n\n');
  const { body } = await sent;
  const broken = once(body, 'error');
  request.socket.destroy();
  await broken;
  await expect(text(body)).rejects.toThrow();
});

it('a connection that is refused is an error without query, user and password', async () => {
  const { origin, server } = await startScriptedServer({ status: 200 });
  server.close();
  const { host } = new URL(origin);
  const sent = openClient().send(requestTo(`http://user:secret@${host}/path?key=secret`));
  await expect(sent).rejects.toMatchObject({
    code: 'upstream_request_failed',
    message: `The request to http://${host}/path failed: the connection was refused.`,
  });
});

it.each([
  ['GET', undefined],
  ['POST', false],
] as const)(
  'a connection that closes without an answer to a %s is an error, which advises against another attempt only for a POST',
  async (method, shouldRetry) => {
    const { origin, next } = await startManualServer();
    const sent = openClient().send(requestTo(origin, { method }));
    const [request] = await next();
    request.socket.destroy();
    const error = await sent.catch((failure: unknown) => failure as GatewayError);
    expect(error).toMatchObject({
      message: `The request to ${origin}/ failed: the connection was closed before the answer.`,
    });
    expect((error as GatewayError).detail.shouldRetry).toBe(shouldRetry);
  },
);

it('something other than HTTP is an error', async () => {
  const { origin, next } = await startManualServer();
  const sent = openClient().send(requestTo(origin));
  const [request] = await next();
  request.socket.end('SSH-2.0\r\n\r\n');
  await expect(sent).rejects.toMatchObject({
    message: `The request to ${origin}/ failed: the answer is not HTTP.`,
  });
});

it('a URL that is none is an error', async () => {
  await expect(openClient().send(requestTo('nowhere'))).rejects.toMatchObject({
    code: 'upstream_request_failed',
    message: 'The request to an invalid URL failed: check the URLs in the settings of GitHub Copilot.',
  });
});

it('a header that cannot be sent is an error without its value', async () => {
  const { origin } = await startScriptedServer({ status: 200 });
  const sent = openClient().send(requestTo(origin, { headers: { authorization: 'Bearer \u2026secret' } }));
  await expect(sent).rejects.toMatchObject({
    code: 'upstream_request_failed',
    message: `The request to ${origin}/ failed: a header is not valid; check \`copilot.headers\` and the token.`,
  });
});

it('closing ends requests that are under way', async () => {
  const { origin, next } = await startManualServer();
  const http = openClient();
  const sent = http.send(requestTo(origin));
  const [request] = await next();
  const closed = once(request.socket, 'close');
  await Promise.all([expect(sent).rejects.toThrow('the gateway is shutting down'), http.close()]);
  await closed;
});
