import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect, type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { NEVER_ABORTED } from '../../../../src/base/async/abort.ts';
import { proxyFor } from '../../../../src/base/network.ts';
import { createHttpClient } from '../../../../src/upstream/copilot/transport/http-client.ts';
import { createAuthority, createServerCertificate } from '../../../support/certificates.ts';
import { startScriptedServer } from '../../../support/start-http-server.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

/** A proxy on loopback, which connects everything with one port of loopback. */
async function startProxy(targetPort: () => number, status = 200) {
  const seen: { line: string; authorization: string | undefined }[] = [];
  const proxy: Server = createServer((request, response) => {
    const { method, url, headers } = request;
    seen.push({ line: `${method} ${url}`, authorization: headers['proxy-authorization'] });
    response.writeHead(status).end('by the proxy');
  });
  proxy.on('connect', ({ url, headers }, socket) => {
    seen.push({ line: `CONNECT ${url}`, authorization: headers['proxy-authorization'] });
    socket.on('error', () => {});
    if (status !== 200) return void socket.end(`HTTP/1.1 ${status} No\r\n\r\n`);
    const target = connect(targetPort(), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      target.pipe(socket).pipe(target);
    });
    target.on('error', () => socket.destroy());
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  onTestFinished(() => {
    proxy.close();
    proxy.closeAllConnections();
  });
  return { seen, port: (proxy.address() as AddressInfo).port };
}

/** Sends a GET request in a process of its own, and returns the answer or the error. */
async function getInChild(url: string, environment: Record<string, string>): Promise<string> {
  const source = (name: string) => JSON.stringify(join(import.meta.dirname, '../../../../src', name));
  const script = `
    import { createHttpClient } from ${source('upstream/copilot/transport/http-client.ts')};
    import { proxyFor } from ${source('base/network.ts')};
    const http = createHttpClient({ proxyFor: (url) => proxyFor(url, process.env) });
    const { signal } = new AbortController();
    const request = { method: 'GET', headers: {}, signal, headersTimeoutMs: 10_000, idleTimeoutMs: 10_000 };
    const text = await http.send({ ...request, url: ${JSON.stringify(url)} }).then(
      async (answer) => (await answer.body.toArray()).join(''),
      (error) => error.message,
    );
    console.log(text);
    await http.close();`;
  const run = promisify(execFile);
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script], { env: environment });
  return stdout.trim();
}

/** Sends a GET request with the proxies of an environment. */
async function get(
  url: string,
  environment: Record<string, string>,
  signal = NEVER_ABORTED,
): Promise<string> {
  const http = createHttpClient({ proxyFor: (target) => proxyFor(target, environment) });
  onTestFinished(async () => await http.close());
  const answer = await http.send({
    method: 'GET',
    url,
    headers: {},
    signal,
    headersTimeoutMs: 10_000,
    idleTimeoutMs: 10_000,
  });
  return await text(answer.body);
}

/** An https server for a name that is not loopback, and the file with its authority. */
async function startTlsServer() {
  const authority = await createAuthority('Test');
  const { key, cert } = await createServerCertificate(authority, 'copilot.test');
  const server = createTlsServer({ key, cert }, (_, response) => void response.end('by the server'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const file = join(temporaryFolder(), 'authority.pem');
  writeFileSync(file, authority.cert);
  return { port: (server.address() as AddressInfo).port, file };
}

const noTarget = () => 1;

it.each(['HTTP_PROXY', 'http_proxy'])('an http URL is asked of the proxy of %s', async (name) => {
  const { port, seen } = await startProxy(noTarget);
  const proxy = `http://user:p%40ss@127.0.0.1:${port}`;
  expect(await get('http://copilot.test/responses?a=b', { [name]: proxy })).toBe('by the proxy');
  expect(seen).toEqual([
    {
      line: 'GET http://copilot.test/responses?a=b',
      authorization: `Basic ${Buffer.from('user:p@ss').toString('base64')}`,
    },
  ]);
});

it('loopback needs no proxy, nor does a host of NO_PROXY', async () => {
  const { port, seen } = await startProxy(noTarget);
  const proxies = { HTTP_PROXY: `127.0.0.1:${port}`, HTTPS_PROXY: `127.0.0.1:${port}` };
  const { origin } = await startScriptedServer({ status: 200, body: 'by the server' });
  const { port: own } = new URL(origin);
  for (const host of ['127.0.0.1', 'localhost']) {
    expect(await get(`http://${host}:${own}`, proxies)).toBe('by the server');
  }
  // An address of this machine that is not one of loopback.
  expect(await get(`http://0.0.0.0:${own}`, proxies)).toBe('by the proxy');
  for (const name of ['NO_PROXY', 'no_proxy']) {
    expect(await get(`http://0.0.0.0:${own}`, { ...proxies, [name]: 'x.test, 0.0.0.0' })).toBe(
      'by the server',
    );
  }
  expect(seen).toHaveLength(1);
});

it('the proxy of http URLs is not that of https URLs', async () => {
  const { port, seen } = await startProxy(noTarget);
  await expect(get('https://0.0.0.0:1', { HTTP_PROXY: `http://127.0.0.1:${port}` })).rejects.toThrow(
    'The request to https://0.0.0.0:1/ failed: the connection was refused.',
  );
  expect(seen).toEqual([]);
});

it.each(['HTTPS_PROXY', 'https_proxy'])(
  'an https URL is asked through a tunnel of the proxy of %s, with the certificates of NODE_EXTRA_CA_CERTS',
  async (name) => {
    const { port: target, file } = await startTlsServer();
    const { port, seen } = await startProxy(() => target);
    const environment = { [name]: `http://127.0.0.1:${port}`, NODE_EXTRA_CA_CERTS: file };
    expect(await getInChild('https://copilot.test/responses', environment)).toBe('by the server');
    expect(seen).toEqual([{ line: 'CONNECT copilot.test:443', authorization: undefined }]);
  },
);

it('an unknown certificate is an error that names NODE_EXTRA_CA_CERTS', async () => {
  const { port: target } = await startTlsServer();
  const { port } = await startProxy(() => target);
  await expect(get('https://copilot.test/x', { HTTPS_PROXY: `http://127.0.0.1:${port}` })).rejects.toThrow(
    'The request to https://copilot.test/x failed: its certificate is not trusted; set NODE_EXTRA_CA_CERTS to',
  );
});

it('a proxy that refuses is an error with its status, without its password', async () => {
  const { port } = await startProxy(noTarget, 407);
  const proxy = `http://user:secret@127.0.0.1:${port}`;
  await expect(get('https://copilot.test/x', { HTTPS_PROXY: proxy })).rejects.toThrow(
    'The request to https://copilot.test/x failed: the proxy answered with status 407.',
  );
});

it('a proxy of another kind is an error that says so', async () => {
  await expect(get('https://copilot.test/x', { ALL_PROXY: 'socks5h://127.0.0.1:1' })).rejects.toThrow(
    'The request to https://copilot.test/x failed: the proxy that is set is not an http:// or https:// URL.',
  );
});

it('a client that leaves closes the connection to the proxy', async () => {
  const proxy = createServer().listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  onTestFinished(() => void proxy.close());
  const asked = once(proxy, 'request') as Promise<[IncomingMessage]>;
  const { port } = proxy.address() as AddressInfo;
  const client = new AbortController();
  const sent = get('http://copilot.test', { HTTP_PROXY: `http://127.0.0.1:${port}` }, client.signal);
  const [{ socket }] = await asked;
  const closed = once(socket, 'close');
  client.abort(new Error('left'));
  await expect(sent).rejects.toThrow('left');
  await closed;
});
