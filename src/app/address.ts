import { isIPv4 } from 'node:net';
import { StartupError } from '../base/errors.ts';

/** Refuses a host that other machines can reach: whoever talks to the gateway talks with the user's account. */
export function checkHost(host: string): string {
  if (isLoopback(host)) return host;
  throw new StartupError(
    `The host '${host}' is not a loopback address; use 127.0.0.1, ::1 or localhost, and a tunnel for other machines.`,
  );
}

function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  return bare === 'localhost' || bare === '::1' || (isIPv4(bare) && bare.startsWith('127.'));
}

/** `http://127.0.0.1:8000`, with the brackets that an IPv6 address needs. */
export function formatOrigin(host: string, port: number): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** Whether a URL leads to the given port of this machine's loopback. */
export function leadsTo(url: string, port: number): boolean {
  const parsed = URL.parse(url);
  if (!parsed || !isLoopback(parsed.hostname)) return false;
  return Number(parsed.port || (parsed.protocol === 'https:' ? 443 : 80)) === port;
}
