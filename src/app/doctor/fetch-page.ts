import { readFileSync } from 'node:fs';
import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import { connect, rootCertificates } from 'node:tls';
import { text } from 'node:stream/consumers';
import { StartupError } from '../../base/errors.ts';
import type { Environment } from '../config/config.ts';
import { proxyFor } from '../../base/proxy-for.ts';

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
    const options = { headers: { ...headers, connection: 'close' }, signal: ending };
    const response = await get(url, { ...options, ca }, proxy);
    return { status: response.statusCode ?? 0, body: await text(response), proxy };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof StartupError) throw error;
    throw explain(error as NodeJS.ErrnoException, url, proxy);
  }
}

type Options = Omit<RequestOptions, 'headers'> & {
  readonly headers: Record<string, string>;
  readonly ca: string[];
};

async function get(url: URL, options: Options, proxy: URL | undefined): Promise<IncomingMessage> {
  if (proxy === undefined) return await answerOf(url, options);
  if (url.protocol === 'http:') {
    const headers = { ...options.headers, host: url.host, ...authorize(proxy) };
    return await answerOf(proxy, { ...options, path: url.href, headers });
  }
  const socket = await openTunnel(url, options, proxy);
  const secured = connect({ socket, servername: url.hostname, ca: options.ca });
  return await answerOf(url, { ...options, createConnection: () => secured });
}

async function answerOf(url: URL, options: RequestOptions): Promise<IncomingMessage> {
  const request = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return await new Promise((resolve, reject) => {
    request(url, options).once('response', resolve).once('error', reject).end();
  });
}

async function openTunnel(url: URL, { signal }: Options, proxy: URL): Promise<Socket> {
  const target = `${url.hostname}:${url.port || 443}`;
  const headers = { host: target, ...authorize(proxy) };
  const request = (proxy.protocol === 'https:' ? httpsRequest : httpRequest)(proxy, {
    method: 'CONNECT',
    path: target,
    headers,
    ...(signal && { signal }),
  });
  return await new Promise((resolve, reject) => {
    request.once('error', reject).once('connect', ({ statusCode }: IncomingMessage, socket: Socket) => {
      if (statusCode === 200) return resolve(socket);
      socket.destroy();
      reject(
        new StartupError(`the proxy ${proxy.host} refuses to connect to ${url.host} (HTTP ${statusCode}).`),
      );
    });
    request.end();
  });
}

function authorize({ username, password }: URL): Record<string, string> {
  if (username === '') return {};
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(pair).toString('base64')}` };
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
