import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import * as zlib from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import { TOKEN } from '../support/gateway.ts';
import { connect } from '../support/response-socket.ts';
import { say } from '../support/upstream.ts';
import { useTestGateway } from '../support/use-test-gateway.ts';

const LIMIT = 1_200_000;
const gateway = useTestGateway({ config: { bodyLimit: LIMIT } });

beforeEach(() => gateway.upstream.use(say('Hello.')));

const chat = (content: string) => ({ model: 'gpt-5.5', messages: [{ role: 'user', content }] });

const send = (body: Uint8Array, headers: Record<string, string> = {}, path = '/v1/chat/completions') =>
  gateway.fetch(path, { method: 'POST', body: new Uint8Array(body), headers });

const saidUpstream = () => gateway.upstream.requests.at(-1)!.body.input.at(-1)!.content![0]!.text;

async function errorOf(response: Response): Promise<unknown> {
  return { status: response.status, ...((await response.json()) as { error: object }).error };
}

/** A length on either side of the size above which another thread parses. */
const LENGTHS = [10, 140_000];

describe.each(LENGTHS)('a body of %d characters and more', (length) => {
  const content = `${'x'.repeat(length)} äöü 漢字 😀 \ud83d\udc4d`;
  const plain = Buffer.from(JSON.stringify(chat(content)));

  it.each([
    ['gzip', zlib.gzipSync(plain)],
    ['x-gzip', zlib.gzipSync(plain)],
    ['GZIP', zlib.gzipSync(plain)],
    ['deflate', zlib.deflateSync(plain)],
    ['deflate', zlib.deflateRawSync(plain)],
    ['br', zlib.brotliCompressSync(plain)],
    ['zstd', zlib.zstdCompressSync(plain)],
    ['identity', plain],
    ['identity, gzip', zlib.gzipSync(plain)],
  ])('is read with the Content-Encoding %s', async (encoding, body) => {
    const response = await send(body, { 'content-encoding': encoding });
    expect(response.status).toBe(200);
    expect(saidUpstream()).toBe(content);
  });

  it.each([
    ['application/json', 'utf8'],
    ['application/json; charset=utf-8', 'utf8'],
    ['application/json; charset="UTF8"', 'utf8'],
    ['application/json; charset=us-ascii', 'utf8'],
    ['application/json; charset=utf-16le', 'utf16le'],
  ])('is read with the Content-Type %s', async (type, encoding) => {
    const body = Buffer.from(JSON.stringify(chat(content)), encoding as BufferEncoding);
    const response = await send(body, { 'content-type': type });
    expect(response.status).toBe(200);
    expect(saidUpstream()).toBe(content);
  });

  it('is read in the charset that its type names', async () => {
    const latin = Buffer.from(JSON.stringify(chat(`${'x'.repeat(length)} äöü`)), 'latin1');
    expect((await send(latin, { 'content-type': 'application/json; charset=iso-8859-1' })).status).toBe(200);
    expect(saidUpstream()).toBe(`${'x'.repeat(length)} äöü`);
  });

  it.each([
    ['a prompt', JSON.stringify(chat(`${'x'.repeat(length)} \u00ff`))],
    ['an id', JSON.stringify({ ...chat('x'.repeat(length)), user: '\u00ff' })],
    ['a key', JSON.stringify({ ...chat('x'.repeat(length)), '\u00ff': 1 })],
    ['half a character', `${JSON.stringify(chat('x'.repeat(length))).slice(0, -1)},"user":"\u00e2\u0082"}`],
  ])('is refused when the bytes of %s are not valid UTF-8', async (_name, json) => {
    const response = await send(Buffer.from(json, 'latin1'));
    expect(await errorOf(response)).toMatchObject({
      status: 400,
      type: 'invalid_request_error',
      message: expect.stringMatching(
        /^We could not parse the JSON body of your request: it is not valid UTF-8/,
      ),
    });
    expect(gateway.upstream.requests).toHaveLength(0);
  });

  it('is read when it begins with a byte order mark', async () => {
    expect((await send(Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), plain]))).status).toBe(200);
  });

  it('may have a key named __proto__, which is treated as any unknown field', async () => {
    const json = JSON.stringify(chat('x'.repeat(length))).replace('{', '{"__proto__":{"stream":true},');
    const response = await send(Buffer.from(json));
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toContain('application/json');
    expect(response.headers.get('x-codex-gateway-ignored')).toBe('__proto__');
    const strict = await send(Buffer.from(json), { 'x-codex-gateway-strict': '1' });
    expect(await errorOf(strict)).toMatchObject({
      status: 400,
      code: 'unknown_parameter',
      param: '__proto__',
    });
  });

  it('is refused as invalid JSON when it is cut off', async () => {
    expect(await errorOf(await send(plain.subarray(0, -1)))).toMatchObject({
      status: 400,
      message: 'We could not parse the JSON body of your request.',
    });
  });

  it('gets the same answer for its Idempotency-Key when only its whitespace differs', async () => {
    const headers = { 'idempotency-key': `key-${length}` };
    const first = await (await send(plain, headers)).text();
    const again = Buffer.from(JSON.stringify(chat(content), null, 2));
    expect(await (await send(again, headers)).text()).toBe(first);
    const other = await send(Buffer.from(JSON.stringify(chat(`${content}!`))), headers);
    expect(await errorOf(other)).toMatchObject({ status: 400, code: 'idempotency_key_in_use' });
    expect(gateway.upstream.requests).toHaveLength(1);
  });
});

it.each(['compress', 'gzip, br', 'gzip, gzip', '__proto__', 'x'])(
  'refuses the Content-Encoding %s and lists the supported ones',
  async (encoding) => {
    const response = await send(Buffer.from('x'), { 'content-encoding': encoding });
    expect(await errorOf(response)).toMatchObject({
      status: 415,
      code: 'unsupported_encoding',
      message: expect.stringContaining('gzip, deflate, br or zstd'),
    });
  },
);

it('refuses an unknown charset', async () => {
  const response = await send(Buffer.from('{}'), { 'content-type': 'application/json; charset=klingon' });
  expect(await errorOf(response)).toMatchObject({ status: 415, code: 'unsupported_encoding' });
});

const zeros = Buffer.alloc(10 * LIMIT, ' ');
it.each([
  ['gzip', zlib.gzipSync(zeros)],
  ['deflate', zlib.deflateSync(zeros)],
  ['br', zlib.brotliCompressSync(zeros, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 1 } })],
  ['zstd', zlib.zstdCompressSync(zeros)],
])('stops decompressing a %s bomb at the limit and keeps the connection', async (encoding, body) => {
  const response = await send(body, { 'content-encoding': encoding });
  expect(await errorOf(response)).toMatchObject({ status: 413, code: 'request_too_large' });
  expect((await gateway.fetch('/healthz')).status).toBe(200);
});

it.each([
  ['gzip', Buffer.from('no gzip at all')],
  ['deflate', Buffer.from([0x78, 0x9c, 0xff, 0xff])],
  ['br', Buffer.alloc(100, 0xff)],
  ['zstd', Buffer.from('x'.repeat(100))],
  ['gzip', zlib.gzipSync(JSON.stringify(chat('x'))).subarray(0, -12)],
])('refuses corrupt %s', async (encoding, body) => {
  expect(await errorOf(await send(body, { 'content-encoding': encoding }))).toMatchObject({
    status: 400,
    message: expect.stringContaining('decompress'),
  });
});

it('refuses a body by its declared length before it is sent', async () => {
  const asked = request(`${gateway.running.origin}/v1/chat/completions`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${TOKEN}`,
      'content-type': 'application/json',
      'content-length': LIMIT + 1,
    },
  });
  asked.flushHeaders();
  asked.on('error', () => {});
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  expect([response.statusCode, JSON.parse(await text(response))]).toMatchObject([
    413,
    { error: { code: 'request_too_large' } },
  ]);
  asked.destroy();
});

it('keeps a tool parameter named __proto__', async () => {
  const parameters = '{"type":"object","properties":{"__proto__":{"type":"string"}}}';
  const json = JSON.stringify({
    ...chat('x'),
    tools: [{ type: 'function', function: { name: 'f', parameters: 'HERE' } }],
  }).replace('"HERE"', parameters);
  expect((await send(Buffer.from(json))).status).toBe(200);
  expect(JSON.stringify(gateway.upstream.requests.at(-1)!.body)).toContain('__proto__');
});

describe('a message over a WebSocket', () => {
  it('is answered before a later small one, however large it is', async () => {
    const socket = connect(gateway.client);
    socket.send({ model: 'gpt-5.5', input: `first ${'x'.repeat(1_000_000)}`, store: false });
    socket.send({ model: 'gpt-5.5', input: 'second', store: false });
    await socket.rest();
    await socket.rest();
    expect(
      gateway.upstream.requests.map(({ body }) => body.input.at(-1)!.content![0]!.text!.slice(0, 6)),
    ).toEqual(['first ', 'second']);
  });

  it('is refused when it has too many values, and the connection stays open', async () => {
    const socket = connect(gateway.client);
    const input = Array.from({ length: 60_000 }, () => ({ type: 'message' }));
    const [refusal] = await socket.ask({ model: 'gpt-5.5', input: input as never, store: false });
    expect(refusal).toMatchObject({ type: 'error', status: 400, error: { param: 'input' } });
    expect((await socket.ask({ model: 'gpt-5.5', input: 'x', store: false })).at(-1)).toMatchObject({
      type: 'response.completed',
    });
  });
});

/** Asks for `/healthz` again and again until the work is over; returns the milliseconds of the slowest answer. */
async function slowestPingUntil(work: Promise<unknown>): Promise<number> {
  let slowest = 0;
  let isOver: boolean;
  do {
    const start = performance.now();
    expect((await gateway.fetch('/healthz')).status).toBe(200);
    slowest = Math.max(slowest, performance.now() - start);
    // Often enough to meet whatever holds the thread for long, and no load of its own.
    const pause = new Promise((resolve) => setTimeout(resolve, 20, 'running'));
    isOver = (await Promise.race([work, pause])) !== 'running';
  } while (!isOver);
  return slowest;
}

describe('a hostile body', () => {
  const within = `{"model":"gpt-5.5","messages":[{"role":"user","content":"x"}]`;
  it.each([
    ['tiny values', `${within},"x":[${'1,'.repeat(400_000)}${'[],'.repeat(50_001)}1]}`, 'x'],
    ['messages', `{"model":"gpt-5.5","messages":[${'{"role":"user"},'.repeat(60_000)}{}]}`, 'messages'],
    ['unknown fields', `${within},${Array.from({ length: 100_000 }, (_, i) => `"k${i}":1`).join()}}`, null],
  ])('is refused for too many %s while other requests are answered', async (_name, body, param) => {
    const attacks = Array.from({ length: 8 }, async () => await errorOf(await send(Buffer.from(body))));
    const slowest = await slowestPingUntil(Promise.allSettled(attacks));
    for (const attack of attacks) {
      expect(await attack).toMatchObject({
        status: 400,
        param,
        message: expect.stringContaining('too many'),
      });
    }
    // Far below what parsing and decoding them took, on a machine under load too.
    expect(slowest).toBeLessThan(2_500);
    expect(gateway.upstream.requests).toHaveLength(0);
  });
});

describe('a large body within the bounds', () => {
  const messages = Array.from({ length: 24_000 }, (_, i) => ({ role: 'user', content: `message ${i}` }));
  const tools = Array.from({ length: 5_000 }, (_, i) => ({
    type: 'function',
    function: { name: `tool_${i}`, parameters: { type: 'object', properties: {} } },
  }));
  const numbers = { type: 'object', properties: { x: { default: Array(240_000).fill(1) } } };
  it.each([
    ['messages', 1, { ...chat('x'), messages }],
    ['tools', 2, { ...chat('x'), tools }],
    [
      'numbers in a tool',
      2,
      { ...chat('x'), tools: [{ type: 'function', function: { name: 'f', parameters: numbers } }] },
    ],
  ])('of many %s is answered, and so are other requests meanwhile', async (_name, count, body) => {
    const large = Buffer.from(JSON.stringify(body));
    const answers = Promise.all(Array.from({ length: count }, async () => (await send(large)).status));
    const slowest = await slowestPingUntil(answers);
    expect(await answers).toEqual(Array(count).fill(200));
    // The scripted provider and this test share the thread with the gateway.
    expect(slowest).toBeLessThan(2_500);
  });
});

it('limits the bytes of bodies in flight and frees them when the requests are answered', async () => {
  const release = Promise.withResolvers<void>();
  gateway.upstream.use((asked, response) => {
    void release.promise.then(() => say('Hello.')(asked, response));
  });
  const large = Buffer.from(JSON.stringify(chat('x'.repeat(LIMIT - 1000))));
  const first = Array.from({ length: 8 }, () => send(large));
  await expect.poll(() => gateway.upstream.requests.length, { timeout: 60_000 }).toBeGreaterThanOrEqual(8);
  const refused = await send(large);
  expect(refused.headers.get('retry-after')).toBe('5');
  expect(await errorOf(refused)).toMatchObject({ status: 429, code: 'rate_limit_exceeded' });
  release.resolve();
  for (const answer of first) expect((await answer).status).toBe(200);
  await Promise.all(first.map(async (answer) => await (await answer).text()));
  expect((await send(large)).status).toBe(200);
});
