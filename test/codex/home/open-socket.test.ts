import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { connect, type AddressInfo, type Server } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { generate } from 'selfsigned';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { openSocket } from '../../../src/codex/home/open-socket.ts';

let certificate: { readonly key: string; readonly cert: string };

beforeAll(async () => {
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }], {
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] }],
  });
  certificate = { key, cert };
});

async function listen(server: Server): Promise<number> {
  server.listen(0, 'localhost');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

/** Starts a server that greets over TLS. */
async function startServer(): Promise<URL> {
  const port = await listen(createTlsServer(certificate, (socket) => socket.end('hello')));
  return new URL(`https://localhost:${port}`);
}

/** Starts a proxy that answers every request for a tunnel with this status. */
async function startProxy(protocol: 'http:' | 'https:', status: number): Promise<URL> {
  const server = protocol === 'http:' ? createHttpServer() : createHttpsServer(certificate);
  server.on('connect', ({ url }, socket) => {
    socket.on('error', () => {});
    if (status !== 200) {
      socket.end(`HTTP/1.1 ${status} No\r\n\r\n`);
      return;
    }
    const [host, port] = url!.split(':');
    const target = connect(Number(port), host);
    target.on('error', () => {});
    socket.write('HTTP/1.1 200 OK\r\n\r\n');
    socket.pipe(target).pipe(socket);
  });
  return new URL(`${protocol}//me:secret@localhost:${await listen(server)}`);
}

const open = async (url: URL, proxy?: URL, ca: string[] | undefined = [certificate.cert]) =>
  await openSocket({ url, proxy, ca, signal: AbortSignal.timeout(10_000) });

describe('a connection to a server over TLS', () => {
  it.each(['without a proxy', 'http:', 'https:'] as const)(
    'is opened through this proxy: %s',
    async (way) => {
      const proxy = way === 'without a proxy' ? undefined : await startProxy(way, 200);
      const socket = await open(await startServer(), proxy);
      expect(String(await once(socket, 'data'))).toBe('hello');
      socket.destroy();
    },
  );

  it.each(['http:', 'https:'] as const)(
    'reports the status with which a proxy over %s refuses it',
    async (protocol) => {
      const opening = open(await startServer(), await startProxy(protocol, 407));
      await expect(opening).rejects.toMatchObject({ step: 'tunnel', code: 'HTTP 407' });
    },
  );

  it('reports the step at which a certificate is not trusted', async () => {
    const [server, proxy] = await Promise.all([startServer(), startProxy('https:', 200)]);
    await expect(open(server, undefined, [])).rejects.toMatchObject({ step: 'tls' });
    await expect(open(server, proxy, [])).rejects.toMatchObject({ step: 'connect' });
  });
});
