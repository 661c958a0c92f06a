import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { messageOf } from '../../base/errors.ts';
import { withoutBrackets } from '../../base/network.ts';

export interface OpenSocketOptions {
  readonly url: URL;
  readonly proxy: URL | undefined;
  /** The certificates that are trusted; undefined for the built-in ones. */
  readonly ca: string[] | undefined;
  readonly signal: AbortSignal;
}

/** The step that failed: the connection to the server or the proxy, the tunnel that the proxy refuses, or TLS to the server. */
export type ConnectStep = 'connect' | 'tunnel' | 'tls';

/** A connection that could not be opened. */
export class ConnectError extends Error {
  override readonly name = 'ConnectError';
  readonly step: ConnectStep;
  /** The code as the system names it, or the status with which the proxy refuses the tunnel, such as `HTTP 407`. */
  readonly code: string;

  constructor(step: ConnectStep, code: string, cause?: unknown) {
    super(cause === undefined ? code : messageOf(cause), { cause });
    this.step = step;
    this.code = code;
  }
}

/**
 * Opens a connection over which a request to the URL can be sent, as Codex does: through the proxy if there is one, and with TLS
 * for `https:`. Rejects with a `ConnectError`.
 */
export async function openSocket({ url, proxy, ca, signal }: OpenSocketOptions): Promise<Socket> {
  const sockets: Socket[] = [];
  let step: ConnectStep = 'connect';
  try {
    let socket = await openPlain(proxy ?? url, sockets, signal);
    if (proxy?.protocol === 'https:') socket = await secure(socket, proxy, { ca, sockets, signal });
    if (url.protocol !== 'https:') return socket;
    if (proxy !== undefined) await openTunnel(socket, url, proxy, signal);
    step = 'tls';
    return await secure(socket, url, { ca, sockets, signal });
  } catch (error) {
    for (const socket of sockets) socket.destroy();
    throw error instanceof ConnectError ? error : new ConnectError(step, codeOf(error), error);
  }
}

async function openPlain(url: URL, sockets: Socket[], signal: AbortSignal): Promise<Socket> {
  const socket = keep(connect({ host: withoutBrackets(url.hostname), port: portOf(url) }), sockets);
  await once(socket, 'connect', { signal });
  return socket;
}

interface SecureOptions extends Pick<OpenSocketOptions, 'ca' | 'signal'> {
  readonly sockets: Socket[];
}

async function secure(socket: Socket, url: URL, { ca, sockets, signal }: SecureOptions): Promise<Socket> {
  const host = withoutBrackets(url.hostname);
  const name = isIP(host) === 0 ? { servername: host } : {};
  const secured = keep(
    connectTls({ socket, host, ...name, ...(ca && { ca }), ALPNProtocols: ['http/1.1'] }),
    sockets,
  );
  await once(secured, 'secureConnect', { signal });
  return secured;
}

/** Asks the proxy for a tunnel to the server. */
async function openTunnel(socket: Socket, url: URL, proxy: URL, signal: AbortSignal): Promise<void> {
  const path = addressOf(url);
  const headers = { host: path, ...authorize(proxy) };
  const asking = request({ method: 'CONNECT', path, headers, createConnection: () => socket });
  // An abort rejects below, and the errors after it must not end the process.
  asking.on('error', () => {}).end();
  const [{ statusCode }] = (await once(asking, 'connect', { signal })) as [IncomingMessage];
  if (statusCode !== 200) throw new ConnectError('tunnel', `HTTP ${statusCode}`);
}

/** Notes a socket to be closed. Its errors between two steps, while nothing waits for it, must not end the process. */
function keep<S extends Socket>(socket: S, sockets: Socket[]): S {
  socket.on('error', () => {});
  sockets.push(socket);
  return socket;
}

/** Returns the header with the user and password in the proxy's URL. */
export function authorize({ username, password }: URL): Record<string, string> {
  if (username === '') return {};
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(pair).toString('base64')}` };
}

/** Returns host and port of a URL. */
export function addressOf(url: URL): string {
  return `${url.hostname}:${portOf(url)}`;
}

function portOf(url: URL): number {
  return Number(url.port || (url.protocol === 'https:' ? 443 : 80));
}

function codeOf(error: unknown): string {
  const { code, name } = error as NodeJS.ErrnoException;
  const inner = error instanceof AggregateError ? (error.errors[0] as NodeJS.ErrnoException) : undefined;
  return inner?.code ?? code ?? name;
}
