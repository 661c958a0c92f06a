import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { checkHead, refuseLoops } from '../../../src/http/middleware/check-request.ts';
import { serve } from '../../support/serve.ts';

/** Sends the head of a request as it is written, and resolves to the status of the answer. */
async function ask(head: string): Promise<number> {
  const { origin } = await serve(checkHead(), refuseLoops('own'), (ctx) => {
    ctx.body = {};
  });
  const socket = connect(Number(new URL(origin).port), '127.0.0.1');
  socket.end(`${head}\r\nConnection: close\r\n\r\n`);
  return Number((await text(socket)).split(' ')[1]);
}

it.each([
  ['GET / HTTP/1.1\r\nHost: x', 200],
  ['GET / HTTP/1.0', 200],
  ['GET http://user:password@x/v1?a=b HTTP/1.1\r\nHost: x', 200],
  ['GET http://[ HTTP/1.1\r\nHost: x', 400],
  ['GET * HTTP/1.1\r\nHost: x', 400],
  ['GET / HTTP/1.1\r\nHost: x\r\nOriginator: other', 200],
  ['GET / HTTP/1.1\r\nHost: x\r\nOriginator: own', 508],
])('the request %j gets the status %i', async (head, status) => {
  expect(await ask(head)).toBe(status);
});
