import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { PassThrough, Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { sendBytes, type ByteAnswer } from '../../../src/http/edge/send-bytes.ts';
import { until } from '../../support/process.ts';
import { sendHttp } from '../../support/send-http.ts';
import { serve } from '../../support/serve.ts';

/** Serves one answer; its failures are noted as those of the request. */
async function send(answer: Partial<ByteAnswer> & Pick<ByteAnswer, 'body'>, stallLimitMs = 60_000) {
  let firsts = 0;
  const served = await serve(async (ctx) => {
    const { signal, record } = ctx.state;
    await sendBytes(
      ctx.res,
      { status: 200, headers: {}, ...answer },
      { signal, stallLimitMs, onFirst: () => (firsts += 1), onError: record.fail },
    );
    ctx.respond = false;
  });
  return { ...served, firsts: () => firsts };
}

/** Opens a connection that sends a request and reads nothing yet. */
async function open(origin: string): Promise<Socket> {
  const socket = connect(Number(new URL(origin).port), '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  socket.pause();
  socket.on('error', () => {});
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  return socket;
}

/** Bytes without an end, and how many were taken of them. */
function endless() {
  const taken = { bytes: 0 };
  const chunk = Buffer.alloc(65_536, 'x');
  const body = new Readable({
    read() {
      taken.bytes += chunk.length;
      this.push(chunk);
    },
  });
  return { body, taken };
}

it('events that come at once are sent in one chunk, and a break is not the end of the body', async () => {
  const body = new PassThrough();
  const { origin } = await send({ body });
  const socket = connect(Number(new URL(origin).port), '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  let text = '';
  socket.setEncoding('latin1').on('data', (part: string) => (text += part));
  await until(() => text.endsWith('\r\n\r\n'));
  text = '';
  for (const event of ['data: 1\n\n', 'data: 2\n\n', 'data: 3\n\n']) body.write(event);
  // One chunk of 27 bytes.
  await until(() => text === '1b\r\ndata: 1\n\ndata: 2\n\ndata: 3\n\n\r\n');
  body.write('last');
  body.destroy(new Error('broken'));
  await once(socket, 'close');
  expect(text).not.toContain('0\r\n\r\n');
});

it('the bytes of a header are those of the other server, and arrive before the body begins', async () => {
  const { origin } = await send({ headers: { 'x-name': 'caf\u00e9' }, body: new PassThrough() });
  const socket = await open(origin);
  socket.resume();
  let text = '';
  socket.setEncoding('latin1').on('data', (part: string) => (text += part));
  await until(() => text.endsWith('\r\n\r\n'));
  expect(text).toContain('x-name: caf\u00e9\r\n');
});

it('status, headers and bytes are those of the other server', async () => {
  const { origin, firsts } = await send({
    status: 418,
    headers: {
      'content-type': 'text/odd',
      'set-cookie': ['a=1', 'b=2'],
      'content-length': '3',
      date: 'then',
    },
    body: Readable.from([Buffer.of(0, 255), Buffer.of(13)]),
  });
  const answer = await sendHttp(origin);
  expect([answer.status, [...answer.bytes], firsts()]).toEqual([418, [0, 255, 13], 1]);
  expect(answer.headers).toMatchObject({
    'content-type': 'text/odd',
    'set-cookie': ['a=1', 'b=2'],
    'content-length': '3',
    date: 'then',
  });
});

it('headers leave before the first byte, and each chunk before the next', async () => {
  const body = new PassThrough();
  const { origin, firsts } = await send({ body });
  const response = await fetch(origin);
  expect(firsts()).toBe(0);
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  for (const chunk of ['da', 'ta: {}\n', '\n']) {
    body.write(chunk);
    expect((await reader.read()).value).toBe(chunk);
  }
  expect(firsts()).toBe(1);
  body.end();
  expect((await reader.read()).done).toBe(true);
});

it('no more is taken from the other server than the client reads', async () => {
  const { body, taken } = endless();
  const { origin } = await send({ body });
  const socket = await open(origin);
  await until(() => body.isPaused());
  const before = taken.bytes;
  expect(before).toBeLessThan(20_000_000);
  // More is taken as soon as the client reads on.
  let read = 0;
  socket.on('data', (bytes) => (read += bytes.length)).resume();
  await until(() => read > before + 10_000_000);
  socket.destroy();
  await until(() => body.destroyed);
});

it('a client that reads nothing is left after a while, and the log says so', async () => {
  const { body } = endless();
  const { origin, log } = await send({ body }, 100);
  const socket = await open(origin);
  await until(() => body.destroyed);
  await until(() => log.lines.length > 0);
  expect(log.lines[0]).toContain('"code":"client_too_slow"');
  socket.resume();
  await once(socket, 'close');
});

it('a client that has read everything may wait for more as long as it likes', async () => {
  const body = new PassThrough();
  const { origin } = await send({ body }, 50);
  const socket = await open(origin);
  const chunk = Buffer.alloc(65_536, 'x');
  while (!body.isPaused()) if (!body.write(chunk)) await wait(1);
  let text = '';
  socket
    .setEncoding('latin1')
    .on('data', (more: string) => (text = (text + more).slice(-100)))
    .resume();
  await until(() => body.writableLength === 0 && body.readableLength === 0);
  // Longer than the limit, which is over once everything was read.
  await wait(200);
  body.end('the end');
  await expect.poll(() => text).toMatch(/the end\r\n0\r\n\r\n$/);
});

it.each([
  ['chunks', {}],
  ['a length', { 'content-length': '1000' }],
])('an answer in %s that breaks off has no end', async (_form, headers) => {
  const body = new PassThrough();
  body.write('data: {}\n\n');
  const { origin, log } = await send({ body, headers });
  const socket = await open(origin);
  let text = '';
  socket.setEncoding('latin1').on('data', (more: string) => (text += more));
  socket.resume();
  await until(() => text.includes('data: {}'));
  body.destroy(new Error('broken'));
  await once(socket, 'close');
  expect(text).not.toContain('\r\n0\r\n');
  await until(() => log.lines.length > 0);
  expect(log.lines[0]).toContain('"problem":"Unexpected: broken"');
});

it('an answer in HTTP/1.0 that breaks off is not taken for a complete one', async () => {
  const body = new PassThrough();
  const { origin } = await send({ body });
  const socket = connect(Number(new URL(origin).port), '127.0.0.1');
  socket.write('GET / HTTP/1.0\r\n\r\n');
  body.write('data: {}\n\n');
  await once(socket, 'data');
  body.destroy(new Error('broken'));
  await expect(once(socket, 'close')).rejects.toThrow('ECONNRESET');
});

it.each([undefined, new Error('broken')])(
  'an answer that was closed by %s before has no end',
  async (error) => {
    const body = new PassThrough();
    body.on('error', () => {}).destroy(error);
    const { origin } = await send({ body });
    await expect(sendHttp(origin)).rejects.toThrow();
  },
);

it('a client that leaves ends the answer of the other server without a failure', async () => {
  const body = new PassThrough();
  const { origin, log } = await send({ body });
  const socket = await open(origin);
  body.write('x');
  socket.resume();
  await once(socket, 'data');
  socket.destroy();
  await until(() => body.destroyed && log.lines.length > 0);
  expect(log.lines[0]).toMatch(/^info request .*"status":499/);
});
