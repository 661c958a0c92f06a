import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { request, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { rootCertificates } from 'node:tls';
import { text } from 'node:stream/consumers';
import { urlToHttpOptions } from 'node:url';
import { StartupError } from '../../base/errors.ts';
import { proxyFor } from '../../base/network.ts';
import { authorize, ConnectError, openSocket } from '../../codex/home/open-socket.ts';
import type { Environment } from '../config/config.ts';

export interface PageRequest {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly environment: Environment;
  readonly signal: AbortSignal;
}

export interface Page {
  readonly status: number;
  readonly body: string;
  /** The proxy that the request went through. */
  readonly proxy: URL | undefined;
}

const TIMEOUT_MS = 10_000;

/** Fetches a page the way Codex would; rejects with a `StartupError` that says why it cannot be reached. */
export async function fetchPage({ url, headers, environment, signal }: PageRequest): Promise<Page> {
  const proxy = proxyFor(url, environment);
  const ending = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
  try {
    const ca = readAuthorities(environment);
    const socket = await openSocket({ url, proxy, ca, signal: ending });
    const response = await send({ url, headers, socket, proxy, signal: ending });
    return { status: response.statusCode ?? 0, body: await text(response), proxy };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof StartupError) throw error;
    throw explain(error as NodeJS.ErrnoException, url, proxy);
  }
}

interface Sending extends Pick<PageRequest, 'url' | 'headers' | 'signal'>, Pick<Page, 'proxy'> {
  /** The open connection to the server or the proxy. */
  readonly socket: Socket;
}

async function send({ url, headers, socket, proxy, signal }: Sending): Promise<IncomingMessage> {
  // A proxy that forwards a plain request needs the whole URL.
  const forward = url.protocol === 'http:' && proxy ? { path: url.href } : {};
  const own = url.protocol === 'http:' && proxy ? authorize(proxy) : {};
  const sent = request({
    ...urlToHttpOptions(url),
    ...forward,
    protocol: 'http:',
    headers: { host: url.host, ...headers, ...own, connection: 'close' },
    createConnection: () => socket,
    signal,
  });
  // After the response, errors are those of its body.
  sent.on('error', () => {}).end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  return response;
}

/** Reads the certificates that Codex trusts in addition to the built-in ones. */
function readAuthorities({ SSL_CERT_FILE, CODEX_CA_CERTIFICATE }: Environment): string[] {
  const files = [SSL_CERT_FILE, CODEX_CA_CERTIFICATE].flatMap((path) => {
    if (!path) return [];
    try {
      return [readFileSync(path, 'utf8')];
    } catch {
      throw new StartupError(`the certificate file ${path} cannot be read; correct SSL_CERT_FILE.`);
    }
  });
  return [...rootCertificates, ...files];
}

/** Codes of a host name that cannot be resolved. */
const UNRESOLVED = new Set(['ENOTFOUND', 'EAI_AGAIN']);

function explain(error: NodeJS.ErrnoException, url: URL, proxy: URL | undefined): StartupError {
  const { code = error.name } = error;
  if (error instanceof ConnectError && error.step === 'tunnel') {
    return new StartupError(`the proxy ${proxy?.host} refuses to connect to ${url.host} (${code}).`);
  }
  const peer = proxy === undefined ? url.host : `the proxy ${proxy.host}`;
  return new StartupError(`${describe(code, peer, url)} (${code}).`, { cause: error });
}

function describe(code: string, peer: string, url: URL): string {
  if (UNRESOLVED.has(code))
    return `the name of ${peer} cannot be resolved; check that this machine is online`;
  if (code === 'ECONNREFUSED')
    return `${peer} refuses connections; check that it is running, and on which port`;
  if (['TimeoutError', 'AbortError', 'ETIMEDOUT', 'ABORT_ERR'].includes(code))
    return `${peer} does not answer; check for a firewall, or set HTTPS_PROXY if this network needs a proxy`;
  if (/CERT|SIGNATURE|SSL|TLS|ERR_OSSL|SELF_SIGNED/.test(code))
    return `the TLS certificate of ${url.host} is not trusted; if your proxy signs it, put the path of its certificate into SSL_CERT_FILE`;
  return `${peer} cannot be reached`;
}
