import { readFile } from 'node:fs/promises';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls, rootCertificates } from 'node:tls';
import { proxyFor } from '../../base/proxy-for.ts';

type Variables = Readonly<Record<string, string | undefined>>;

/** The reason why a connection cannot be made. */
export interface Obstacle {
  /** The end of a sentence about the server. */
  readonly why: string;
  /** As the system names it. */
  readonly code: string;
  /** Host and port. */
  readonly place: string;
}

/** Milliseconds for all of it. */
const PATIENCE = 1_500;

/** Connects to a server as a client would, through the proxy that the environment names; resolves to undefined if that works. */
export async function probe(address: string, variables: Variables): Promise<Obstacle | undefined> {
  const url = URL.parse(address);
  if (url === null) return { why: 'its address is not a URL', code: 'ERR_INVALID_URL', place: 'base_url' };
  const proxy = proxyFor(url, variables);
  const sockets: Socket[] = [];
  try {
    return await goThrough({ url, proxy, variables, sockets, signal: AbortSignal.timeout(PATIENCE) });
  } catch (error) {
    const code = codeOf(error);
    return { why: whyNot(code, proxy !== undefined), code, place: placeOf(proxy ?? url) };
  } finally {
    for (const socket of sockets) socket.destroy();
  }
}

interface Way {
  readonly url: URL;
  readonly proxy: URL | undefined;
  readonly variables: Variables;
  readonly signal: AbortSignal;
  /** Sockets to close at the end. */
  readonly sockets: Socket[];
}

/** Rejects if the first connection, to the proxy or the server, cannot be made. */
async function goThrough({ url, proxy, variables, signal, sockets }: Way): Promise<Obstacle | undefined> {
  const target = proxy ?? url;
  const socket = keep(connect({ host: hostOf(target), port: portOf(target) }), sockets);
  await once(socket, 'connect', { signal });
  if (url.protocol !== 'https:') return undefined;
  if (proxy) {
    const status = await askProxy(socket, url, proxy, signal);
    if (status !== 200) {
      return { why: 'the proxy refuses to connect to it', code: `HTTP ${status}`, place: placeOf(proxy) };
    }
  }
  const ca = await certificates(variables);
  const secure = keep(connectTls({ socket, servername: hostOf(url), ...(ca && { ca }) }), sockets);
  try {
    await once(secure, 'secureConnect', { signal });
    return undefined;
  } catch (error) {
    return { why: 'a secure connection (TLS) cannot be made', code: codeOf(error), place: placeOf(url) };
  }
}

/** Notes a socket to be closed. An error of it between two steps, when nothing waits for it, must not end the process. */
function keep<S extends Socket>(socket: S, sockets: Socket[]): S {
  socket.on('error', () => {});
  sockets.push(socket);
  return socket;
}

function whyNot(code: string, isProxy: boolean): string {
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return `${isProxy ? "the proxy's" : 'its'} name cannot be resolved`;
  }
  if (code === 'ECONNREFUSED') return `${isProxy ? 'the proxy' : 'it'} refuses connections`;
  return `a connection to ${isProxy ? 'the proxy' : 'it'} cannot be made`;
}

/** Asks a proxy for a tunnel; resolves to the status of its answer. */
async function askProxy(socket: Socket, url: URL, proxy: URL, signal: AbortSignal): Promise<number> {
  const target = placeOf(url);
  const login = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  const proof = `Proxy-Authorization: Basic ${Buffer.from(login).toString('base64')}\r\n`;
  socket.write(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n${login === ':' ? '' : proof}\r\n`);
  const [answer] = (await once(socket, 'data', { signal })) as [Buffer];
  return Number(/^HTTP\/1\.\d (\d{3})/.exec(answer.toString('latin1'))?.[1] ?? 0);
}

/** Returns the certificates that the child trusts beside the usual ones. */
async function certificates(variables: Variables): Promise<string[] | undefined> {
  const path = variables.CODEX_CA_CERTIFICATE ?? variables.SSL_CERT_FILE;
  const text = path && (await readFile(path, 'utf8').catch(() => undefined));
  return text ? [...rootCertificates, text] : undefined;
}

const hostOf = (url: URL) => url.hostname.replace(/^\[|\]$/g, '');
const portOf = (url: URL) => Number(url.port || (url.protocol === 'https:' ? 443 : 80));
const placeOf = (url: URL) => `${url.hostname}:${portOf(url)}`;

function codeOf(error: unknown): string {
  const { code, name } = error as NodeJS.ErrnoException;
  if (name === 'AbortError') return 'ETIMEDOUT';
  const inner = error instanceof AggregateError ? (error.errors[0] as NodeJS.ErrnoException) : undefined;
  return inner?.code ?? code ?? name;
}
