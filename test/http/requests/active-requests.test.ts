import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { ClientGoneError } from '../../../src/base/errors.ts';
import { createActiveRequests } from '../../../src/http/requests/active-requests.ts';

/** A server that answers `/now` at once, and nothing else. */
async function start() {
  const active = createActiveRequests();
  const signals: AbortSignal[] = [];
  const server: Server = createServer((request, response) => {
    signals.push(active.add(response).signal);
    if (request.url === '/now') response.end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { active, signals, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

it('a request is active until it is answered, and its signal does not abort', async () => {
  const { active, signals, origin } = await start();
  await (await fetch(`${origin}/now`)).text();
  await expect.poll(() => active.count()).toBe(0);
  expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
});

it('the signal of a request aborts when its client disconnects', async () => {
  const { active, signals, origin } = await start();
  const client = new AbortController();
  const answer = fetch(origin, { signal: client.signal }).catch(() => 'gone');
  await expect.poll(() => active.count()).toBe(1);
  client.abort();
  await expect.poll(() => signals[0]!.reason as unknown).toBeInstanceOf(ClientGoneError);
  expect([active.count(), await answer]).toEqual([0, 'gone']);
});

it('all signals abort with the reason of a stop', async () => {
  const { active, signals, origin } = await start();
  for (const path of ['/a', '/b']) fetch(`${origin}${path}`).catch(() => {});
  await expect.poll(() => active.count()).toBe(2);
  const reason = new Error('stop');
  active.abortAll(reason);
  expect(signals.map((signal) => signal.reason as unknown)).toEqual([reason, reason]);
});
