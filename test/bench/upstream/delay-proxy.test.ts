import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { startDelayProxy } from './delay-proxy.ts';

it('the proxy passes all bytes on, in order and not before their time', async () => {
  const server = createServer((socket) => void socket.pipe(socket)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const proxy = await startDelayProxy((server.address() as AddressInfo).port, 20);
  onTestFinished(() => {
    proxy.close();
    server.close();
  });

  const client = connect(proxy.port, '127.0.0.1').setEncoding('utf8');
  const start = performance.now();
  client.write('one ');
  client.write('two ');
  client.end('three');
  let received = '';
  for await (const text of client) received += String(text);

  expect(received).toBe('one two three');
  // A timer may be a millisecond early.
  expect(performance.now() - start).toBeGreaterThan(38);
});
