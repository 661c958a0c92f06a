import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { constants, deflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, TOKEN, type TestGateway } from '../support/gateway.ts';
import { until } from '../support/process.ts';
import { say, sendCompleted, startMessage } from '../support/upstream.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({ config: { bodyLimit: 8_000_000, deadlines: { idle: 4 } } });
});
afterAll(() => gateway.close());

const CHAT = { model: 'gpt-5.5', messages: [{ role: 'user' as const, content: 'hello' }] };

const HEADERS = `Host: localhost\r\nAuthorization: Bearer ${TOKEN}\r\nContent-Type: application/json`;

async function open(): Promise<Socket> {
  const { hostname, port } = new URL(gateway.running.origin);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  return socket;
}

/** Sends raw bytes and collects the answer until the other side has finished or `enough` matches. */
async function talk(bytes: string, enough: RegExp): Promise<string> {
  const socket = await open();
  let answer = '';
  socket.setEncoding('utf8').on('data', (text: string) => (answer += text));
  const closed = once(socket, 'close');
  socket.write(bytes);
  let over = false;
  void closed.then(() => (over = true));
  await until(() => over || enough.test(answer));
  socket.destroy();
  return answer;
}

const stillThere = async () => expect((await gateway.fetch('/healthz')).status).toBe(200);

describe('an impossible request line', () => {
  it.each(['http://[', 'http://[/healthz', '/%', '//', 'x'])(
    '%s is answered, and the server keeps running',
    async (target) => {
      const answer = await talk(
        `GET ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`,
        /\r\n\r\n\S/,
      );
      expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /);
      await stillThere();
    },
  );
});

it('a compressed body that is corrupt far from its start gets a 400, and the server keeps running', async () => {
  const corrupt = Buffer.concat([
    deflateSync(Buffer.alloc(7_000_000, 'a'), { finishFlush: constants.Z_FULL_FLUSH }),
    Buffer.alloc(100, 0xff),
  ]);
  const response = await gateway.fetch('/v1/chat/completions', {
    method: 'POST',
    body: new Uint8Array(corrupt),
    headers: { 'content-encoding': 'deflate' },
  });
  expect(response.status).toBe(400);
  await stillThere();
});

it('wrong messages are refused by naming the first, and 300000 of them for their number', async () => {
  const response = await gateway.post(`{"model":"gpt-5.5","messages":[${'5,'.repeat(240_000)}5]}`);
  expect(await response.json()).toMatchObject({ error: { param: 'messages[0]', code: 'invalid_value' } });
  const more = await gateway.post(`{"model":"gpt-5.5","messages":[${'5,'.repeat(300_000)}5]}`);
  expect(await more.json()).toMatchObject({
    error: {
      param: 'messages',
      message: expect.stringContaining('too many values: expected at most 250000'),
    },
  });
});

it.each([
  [
    'at the top',
    (keys: string) => `{"model":"gpt-5.5","messages":[{"role":"user","content":"x"}],${keys}}`,
    'key0',
  ],
  [
    'in a message',
    (keys: string) => `{"model":"gpt-5.5","messages":[{"role":"user","content":"x",${keys}}]}`,
    'messages[0].key0',
  ],
])(
  'unknown fields %s are named in one kilobyte, or the first is refused, and a hundred thousand are refused',
  async (_, body, param) => {
    const write = (length: number) => Array.from({ length }, (_, index) => `"key${index}":1`).join();
    const keys = write(9_000);
    const response = await gateway.post(body(keys));
    expect(response.status).toBe(200);
    expect(response.headers.get('x-codex-gateway-ignored')!.length).toBeLessThanOrEqual(1024);
    const strict = await gateway.post(body(keys), { headers: { 'x-codex-gateway-strict': '1' } });
    expect(await strict.json()).toMatchObject({ error: { param, code: 'unknown_parameter' } });
    const more = await gateway.post(body(write(100_000)));
    expect([more.status, await more.json()]).toMatchObject([
      400,
      { error: { message: expect.stringContaining('too many keys in one object: expected at most 10000') } },
    ]);
  },
);

it.each<[where: string, param: string | null, message: RegExp, body: (keys: string) => string]>([
  ['of the request', null, /\d\.$/, (keys) => `{"model":"gpt-5.5",${keys}}`],
  [
    'of a field',
    'metadata',
    /in the field 'metadata'\.$/,
    (keys) => `{"model":"gpt-5.5","metadata":{${keys}},"messages":[]}`,
  ],
  [
    'deep in a field',
    'messages',
    /in the field 'messages'\.$/,
    (keys) => `{"messages":[{"role":"user","content":[{${keys}}]}],"model":"gpt-5.5"}`,
  ],
])('an object with too many keys is named as the error’s param: that %s', async (_, param, message, body) => {
  const keys = Array.from({ length: 10_001 }, (_key, index) => `"key${index}":1`).join();
  const response = await gateway.post(body(keys));
  expect([response.status, await response.json()]).toMatchObject([
    400,
    { error: { param, message: expect.stringMatching(message) } },
  ]);
});

it.each(['response_format', 'modalities', 'metadata', 'tools', 'stream_options', 'messages'])(
  'an extremely deeply nested %s is refused',
  async (field) => {
    const bottomless = (open: string, close: string) => `${open.repeat(100_000)}1${close.repeat(100_000)}`;
    for (const value of [bottomless('[', ']'), bottomless('{"a":', '}')]) {
      const response = await gateway.post(`{"model":"gpt-5.5","${field}":${value}}`);
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ error: { param: expect.stringMatching(`^${field}`) } });
    }
  },
);

it('a password in a request line is not logged', async () => {
  const target = 'http://name:SECRET@127.0.0.1/healthz?SECRET';
  expect(await talk(`GET ${target} HTTP/1.1\r\nHost: localhost\r\n\r\n`, /\r\n\r\n\S/)).toContain('200 OK');
  await talk(`GET name:SECRET@x HTTP/1.1\r\nHost: localhost\r\n\r\n`, /\r\n\r\n\S/);
  await until(() => gateway.log.lines.some((line) => line.includes('(unreadable)')));
  expect(gateway.log.lines.join('\n')).not.toContain('SECRET');
});

it('a key of a megabyte is neither echoed nor logged in full', async () => {
  const key = `SECRET-KEY-${'k'.repeat(1_000_000)}`;
  const response = await gateway.post({ ...CHAT, [key]: 1 });
  expect((await response.text()).length).toBeLessThan(1000);
  expect(gateway.log.lines.join('\n')).not.toContain('SECRET-KEY');
});

it('a chunked body over the limit gets a 413 while it is being sent, and the connection serves the next request', async () => {
  const socket = await open();
  let answer = '';
  socket.setEncoding('utf8').on('data', (text: string) => (answer += text));
  socket.write(`POST /v1/chat/completions HTTP/1.1\r\n${HEADERS}\r\nTransfer-Encoding: chunked\r\n\r\n`);
  const chunk = `100000\r\n${'x'.repeat(0x100000)}\r\n`;
  for (let index = 0; index < 40; index += 1) {
    if (!socket.write(chunk)) await once(socket, 'drain');
  }
  socket.write(`0\r\n\r\nGET /healthz HTTP/1.1\r\n${HEADERS}\r\n\r\n`);
  await until(() => answer.includes('{"status":"ok"'));
  expect(answer).toMatch(/^HTTP\/1\.1 413 /);
  socket.destroy();
});

describe('a client that does not read', () => {
  // Of words: a run of one letter takes much longer to count.
  const textOf = (length: number) => 'A word. '.repeat(length / 8);

  /** Far more than the buffers between the provider and the client hold. */
  const flood = (finish: boolean) => (_request: unknown, response: ServerResponse) => {
    startMessage(response, ...Array.from({ length: 8 }, () => textOf(1_000_000)));
    if (finish) sendCompleted(response);
  };

  async function stalledRequest(stream = true): Promise<Socket> {
    const socket = await open();
    const body = JSON.stringify({ ...CHAT, stream });
    const length = `Content-Length: ${body.length}`;
    socket.pause();
    socket.write(`POST /v1/chat/completions HTTP/1.1\r\n${HEADERS}\r\n${length}\r\n\r\n${body}`);
    return socket;
  }

  it('is dropped when it has not read for the idle deadline', async () => {
    gateway.upstream.use(flood(true));
    const socket = await stalledRequest();
    await until(() => gateway.log.lines.some((line) => line.includes('client_too_slow')));
    gateway.upstream.use(say('fine'));
    const completion = await gateway.client.chat.completions.create(CHAT);
    expect(completion).toMatchObject({ choices: [{ message: { content: 'fine' } }] });
    socket.destroy();
  });

  it.each([
    ['a whole answer', false, 8_000_000],
    // Little enough to be written to the end, and more than what lies between the two sockets holds.
    ['the end of a stream', true, 6_000_000],
  ])('is dropped while it is sent %s', async (_, stream, length) => {
    gateway.log.lines.length = 0;
    gateway.upstream.use(say(textOf(length)));
    const socket = await stalledRequest(stream);
    await until(() => gateway.log.lines.some((line) => /^\w+ request /.test(line)));
    expect(gateway.log.lines.join()).toContain('"status":499');
    socket.destroy();
  });

  it('causes no error in the log when it leaves', async () => {
    gateway.log.lines.length = 0;
    gateway.upstream.use(flood(false));
    const before = gateway.upstream.requests.length;
    const socket = await stalledRequest();
    await until(() => gateway.upstream.requests.length > before);
    socket.destroy();
    await until(() => gateway.log.lines.some((line) => line.includes('"status":499')));
    expect(gateway.log.lines.filter((line) => line.startsWith('error'))).toEqual([]);
  });
});
