import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { WebSocket, type ClientOptions } from 'ws';
import { until } from '../../support/process.ts';
import { saying, startSocketGateway, type ServedGateway } from '../../support/socket-gateway.ts';

const start = () => startSocketGateway(saying('Hi.'), { bodyLimitBytes: 1_000_000 });

/** Returns the refusal of a handshake. */
async function refusal(gateway: ServedGateway, path: string, { headers, ...rest }: ClientOptions = {}) {
  const socket = new WebSocket(`${gateway.origin.replace('http', 'ws')}${path}`, {
    headers: { authorization: 'Bearer token', ...headers },
    ...rest,
  });
  socket.on('error', () => {});
  const [, response] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage];
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += chunk;
  return { status: response.statusCode, headers: response.headers, ...(JSON.parse(text) as object) };
}

/** Sends raw bytes `times` times; each time reads until the other side has finished or `enough` matches. */
async function talk(
  gateway: ServedGateway,
  bytes: string | Buffer,
  enough: RegExp,
  times = 1,
): Promise<string> {
  const socket = connect(Number(new URL(gateway.origin).port), '127.0.0.1');
  let read = '';
  let isOver = false;
  socket.setEncoding('utf8').on('data', (text: string) => (read += text));
  socket.once('close', () => (isOver = true)).on('error', () => {});
  const answers: string[] = [];
  for (let time = 0; time < times; time += 1) {
    read = '';
    socket.write(bytes);
    await until(() => isOver || enough.test(read));
    answers.push(read);
  }
  socket.destroy();
  return answers.join('');
}

/** A handshake with the given way to end it. */
const handshake = (end: string) =>
  `GET /v1/responses HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer token\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n${end}\r\n\r\n`;
const VERSION = 'Sec-WebSocket-Version: 13';
const KEY = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==';

describe('a refused WebSocket handshake', () => {
  it.each([
    [401, 'invalid_api_key', '/v1/responses', { headers: { authorization: 'Bearer wrong' } }],
    [403, 'forbidden_origin', '/v1/responses', { origin: 'https://evil.example' }],
    [404, 'unknown_url', '/v1/other', {}],
    [405, 'method_not_allowed', '/v1/chat/completions', {}],
    [508, 'loop_detected', '/v1/responses', { headers: { originator: 'codex-gateway' } }],
  ])('gets the status %i and the error %s, and is logged', async (status, code, path, options) => {
    const gateway = await start();
    const refused = await refusal(gateway, path, options);
    expect(refused).toMatchObject({
      status,
      headers: { connection: 'close', 'x-request-id': expect.stringMatching(/^req_/) as string },
      error: { type: 'invalid_request_error', code },
    });
    await until(() => gateway.active.count() === 0);
    expect(gateway.log.lines.at(-1)).toContain(`"method":"GET","path":"${path}","status":${status}`);
  });
});

it.each([
  ['key', VERSION],
  ['version', KEY],
])('a WebSocket handshake without a %s header is refused with 400', async (name, given) => {
  const gateway = await start();
  const answer = await talk(gateway, handshake(given), /\}$/);
  expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n[^]*Sec-WebSocket-Version: 13\r\n/i);
  expect(answer).toMatch(new RegExp(`Sec-WebSocket-${name} header.*"type":"invalid_request_error"`, 'i'));
});

it('a WebSocket handshake is answered with the id of its log line and without compression', async () => {
  const gateway = await start();
  const socket = new WebSocket(`${gateway.origin.replace('http', 'ws')}/responses/`, {
    headers: { authorization: 'Bearer token' },
    perMessageDeflate: true,
  });
  const opened = once(socket, 'open');
  const [response] = (await once(socket, 'upgrade')) as [IncomingMessage];
  await opened;
  expect(response.headers['x-request-id']).toMatch(/^req_/);
  expect(response.headers['sec-websocket-extensions']).toBeUndefined();
  socket.close();
  await until(() => gateway.log.lines.length > 0);
  expect(gateway.log.lines[0]).toContain(`"id":"${response.headers['x-request-id'] as string}"`);
});

it('a plain GET of the WebSocket path is answered with 426', async () => {
  const gateway = await start();
  const response = await fetch(`${gateway.origin}/v1/responses`, { headers: { 'x-api-key': 'token' } });
  expect([response.status, response.headers.get('upgrade')]).toEqual([426, 'websocket']);
  expect(await response.json()).toMatchObject({ error: { code: 'upgrade_required' } });
});

describe('a request that offers to upgrade to another protocol', () => {
  const body = JSON.stringify({ model: 'one', input: 'x'.repeat(500_000), store: false });
  const head = (path: string) =>
    `POST ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\nAuthorization: Bearer token\r\nContent-Type: application/json\r\n`;

  it('is answered over HTTP/1.1, as is the next request on its connection', async () => {
    const gateway = await start();
    const one = `${head('/v1/responses')}Content-Length: ${body.length}\r\n\r\n${body}`;
    const answer = await talk(gateway, one, /"Hi\."[^]*\}$/, 2);
    expect(answer.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(2);
    await until(() => gateway.active.count() === 0);
    expect(gateway.log.lines.filter((line) => line.includes('"status":200'))).toHaveLength(2);
  });

  it('is answered when its body comes in chunks', async () => {
    const gateway = await start();
    const chunks = `Transfer-Encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
    expect(await talk(gateway, `${head('/v1/responses')}${chunks}`, /"Hi\."/)).toMatch(/^HTTP\/1\.1 200 OK/);
  });
});

it('a WebSocket handshake sent before an earlier answer ends only its own connection', async () => {
  const gateway = await start();
  const body = JSON.stringify({ model: 'one', input: 'Hello.', store: false });
  const request = `POST /v1/responses HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer token\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  expect(await talk(gateway, `${request}${handshake(`${VERSION}\r\n${KEY}`)}`, /never/)).toBe('');
  expect((await fetch(`${gateway.origin}/healthz`)).status).toBe(200);
});

it('a WebSocket message that arrives together with the handshake is read', async () => {
  const gateway = await start();
  const text = Buffer.from('{}');
  const frame = Buffer.concat([Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0]), text]);
  const head = Buffer.from(handshake(`${VERSION}\r\n${KEY}`));
  expect(await talk(gateway, Buffer.concat([head, frame]), /response\.create/)).toMatch(
    /^HTTP\/1\.1 101 [^]*"param":"type"/,
  );
});
