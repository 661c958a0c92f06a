import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { generate } from 'selfsigned';
import { expect, it, onTestFinished } from 'vitest';
import { scriptedProvider, startTestGateway } from '../support/gateway.ts';
import { until } from '../support/process.ts';

async function open(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

/** A port on which nobody listens. */
async function closedPort(): Promise<number> {
  const server = createHttpServer();
  const port = await open(server);
  server.close();
  await once(server, 'close');
  return port;
}

/** Sends a request to a gateway whose provider has that address; returns the client's error and the log. */
async function askProvider(url: string, environment: Record<string, string> = {}) {
  const gateway = await startTestGateway({ codexConfig: () => scriptedProvider(url), environment });
  onTestFinished(() => gateway.close());
  const response = await gateway.post({ model: 'gpt-5.5', messages: [{ role: 'user', content: 'hello' }] });
  const { error } = (await response.json()) as { error: { message: string; code: string } };
  const isOfRequest = (line: string) => line.startsWith('warn request ');
  await until(() => gateway.log.lines.some(isOfRequest));
  expect(response.headers.get('x-should-retry')).toBe('true');
  return { status: response.status, ...error, line: gateway.log.lines.find(isOfRequest) };
}

function because(why: string, network: RegExp) {
  const message = `The model provider cannot be reached: ${why}.`;
  return { status: 502, code: 'upstream_error', message, line: expect.stringMatching(network) as string };
}

it('says that the name of the provider cannot be resolved', async () => {
  const told = await askProvider('http://no-such-host.invalid/v1');
  expect(told).toMatchObject(because('its name cannot be resolved', /"network":"(ENOTFOUND|EAI_AGAIN)"/));
});

it('says that the provider refuses connections', async () => {
  const told = await askProvider(`http://127.0.0.1:${await closedPort()}/v1`);
  expect(told).toMatchObject(
    because('it refuses connections', /"network":"ECONNREFUSED","place":"127\.0\.0\.1:\d+"/),
  );
});

it('says that the certificate of the provider is not trusted', async () => {
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }]);
  const told = await askProvider(`https://localhost:${await open(createHttpsServer({ key, cert }))}/v1`);
  expect(told).toMatchObject(
    because('a secure connection (TLS) cannot be made', /"network":"\w*SELF_SIGNED\w*"/),
  );
});

it('says that the proxy cannot be reached', async () => {
  const proxy = `http://127.0.0.1:${await closedPort()}`;
  const told = await askProvider('https://provider.invalid/v1', { HTTPS_PROXY: proxy });
  expect(told).toMatchObject(because('the proxy refuses connections', /"network":"ECONNREFUSED"/));
});

it('says that the proxy refuses to connect to the provider', async () => {
  const server = createHttpServer();
  server.on('connect', (_request, socket) =>
    socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n'),
  );
  const proxy = `http://127.0.0.1:${await open(server)}`;
  const told = await askProvider('https://provider.invalid/v1', { HTTPS_PROXY: proxy });
  expect(told).toMatchObject(because('the proxy refuses to connect to it', /"network":"HTTP 407"/));
});
