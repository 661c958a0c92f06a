import { once } from 'node:events';
import type { RequestListener, ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, it, onTestFinished } from 'vitest';
import { listen, type Listening } from '../../../src/app/lifecycle/listen.ts';
import type { Observer } from '../../../src/base/observation.ts';
import { createMemoryLog } from '../../support/memory-log.ts';

async function open(
  host: string,
  handler: RequestListener,
  port = 0,
  observer?: Observer,
): Promise<Listening> {
  const listening = await listen(host, port, handler, observer);
  onTestFinished(async () => {
    listening.cut();
    await listening.close();
  });
  return listening;
}

const greet: RequestListener = (_request, response) => response.end('hello');

it.each(['localhost', '127.0.0.1', 'LOCALHOST'])(
  'listening on %s answers on both loopback addresses and on localhost',
  async (host) => {
    const { port } = await open(host, greet);
    for (const address of ['127.0.0.1', '[::1]', 'localhost']) {
      expect(await (await fetch(`http://${address}:${port}/`)).text()).toBe('hello');
    }
  },
);

it('listening on ::1 answers on that address only', async () => {
  const { port } = await open('::1', greet);
  expect(await (await fetch(`http://[::1]:${port}/`)).text()).toBe('hello');
  await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow('fetch failed');
});

it('listening on 127.0.0.1 works while another program holds the port on ::1, with a warning that names it', async () => {
  const log = createMemoryLog();
  const { port } = await open('::1', (_request, response) => response.end('other'));
  await open('127.0.0.1', greet, port, log);
  expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe('hello');
  expect(log.lines).toEqual([expect.stringMatching(/^warn /)]);
  expect(log.lines[0]).toContain(`another program listens on [::1]:${port}`);
  await open('127.0.0.1', greet, 0, log);
  expect(log.lines).toHaveLength(1);
});

it('listening fails with a clear message when the port is in use', async () => {
  const { port } = await open('127.0.0.1', greet);
  await expect(listen('localhost', port, greet)).rejects.toThrow(`Port ${port} on localhost is in use`);
});

/** Sends bytes over a connection of its own and reads what comes back until the server closes it. */
async function send(port: number, ...pieces: string[]): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1' });
  for (const piece of pieces) socket.write(piece);
  return await text(socket);
}

const bodyOf = (answer: string) => JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4)) as unknown;

it.each([
  ['a header', `GET / HTTP/1.1\r\nhost: x\r\nx-large: ${'a'.repeat(300_000)}\r\n\r\n`],
  ['a URL', `GET /${'a'.repeat(300_000)} HTTP/1.1\r\nhost: x\r\n\r\n`],
  [
    'many headers',
    `GET / HTTP/1.1\r\nhost: x\r\n${Array.from({ length: 3000 }, (_, i) => `x-${i}: ${i}\r\n`).join('')}\r\n`,
  ],
])('a request with %s above the limit gets a 431 in the shape of other errors', async (_name, request) => {
  const { port } = await open('127.0.0.1', greet);
  const answer = await send(port, request);
  expect(answer).toMatch(/^HTTP\/1\.1 431 Request Header Fields Too Large\r\n/);
  expect(bodyOf(answer)).toEqual({
    error: {
      message: expect.stringContaining('too large'),
      type: 'invalid_request_error',
      param: null,
      code: 'head_too_large',
    },
  });
});

it('fetch can read the 431 for a large header', async () => {
  const { port } = await open('127.0.0.1', greet);
  const response = await fetch(`http://127.0.0.1:${port}/`, { headers: { 'x-large': 'a'.repeat(100_000) } });
  expect([response.status, await response.json()]).toMatchObject([
    431,
    { error: { code: 'head_too_large' } },
  ]);
});

it.each([
  ['TLS', '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003', true],
  ['nonsense', 'hello there\r\n\r\n', false],
])(
  '%s on the port gets a 400, which says to use http:// when it looks like TLS',
  async (_name, bytes, isTls) => {
    const { port } = await open('127.0.0.1', greet);
    const answer = await send(port, bytes);
    expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    const { error } = bodyOf(answer) as { error: { message: string } };
    expect(error.message).toContain('not valid HTTP/1.1');
    expect(error.message.includes('use http://')).toBe(isTls);
  },
);

it('a malformed next request adds nothing to the answer that is still being written, and does not cut it', async () => {
  const begun = Promise.withResolvers<ServerResponse>();
  const { port, server } = await open('127.0.0.1', (_request, response) => {
    response.write('begun', () => begun.resolve(response));
  });
  const socket = connect({ port, host: '127.0.0.1' });
  const answer = text(socket).catch(() => '');
  socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
  const response = await begun.promise;
  const unread = once(server, 'clientError');
  socket.write('nonsense\r\n\r\n');
  await unread;
  response.end('and ended');
  expect(await answer).toMatch(/begun[^]*and ended[^]*\r\n0\r\n\r\n$/);
});

it('a client that has closed its sending side still gets its answer', async () => {
  const asked = Promise.withResolvers<() => void>();
  const { port } = await open('127.0.0.1', (request, response) => {
    request.resume();
    asked.resolve(() => response.end('late'));
  });
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  const answer = text(socket);
  socket.end('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\n{}');
  await once(socket, 'finish');
  const answerIt = await asked.promise;
  // Longer than a client that has left is looked for.
  await new Promise((resolve) => setTimeout(resolve, 300));
  answerIt();
  expect(await answer).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*late/);
});

it.each([
  ['its connection', false],
  ['its sending side, and later the rest', true],
])('the server notices a client that closes %s', async (_name, halfFirst) => {
  const asked = Promise.withResolvers<void>();
  const closed = Promise.withResolvers<boolean>();
  const { port } = await open('127.0.0.1', (_request, response) => {
    response.once('close', () => closed.resolve(response.writableFinished));
    asked.resolve();
  });
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
  await asked.promise;
  if (halfFirst) socket.end(() => setTimeout(() => socket.destroy(), 100));
  else socket.destroy();
  expect(await closed.promise).toBe(false);
});
