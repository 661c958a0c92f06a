import { BlockList } from 'node:net';
import { StartupError } from '../../base/errors.ts';
import { withoutBrackets } from '../../base/network.ts';
import { isInList, isLoopbackAddress } from '../../http/requests/loopback.ts';

/** Not addresses to listen on, but a connection to one of them reaches this machine as well. */
const UNSPECIFIED = new BlockList();
UNSPECIFIED.addAddress('0.0.0.0', 'ipv4');
UNSPECIFIED.addAddress('::', 'ipv6');

/** Refuses a host that other machines can reach: whoever talks to the gateway talks with the user's account. */
export function checkHost(host: string): string {
  const bare = withoutBrackets(host);
  if (isLoopback(bare)) return bare;
  throw new StartupError(
    `The host '${host}' is not a loopback address; use 127.0.0.1, ::1 or localhost, and a tunnel for other machines.`,
  );
}

/** `http://127.0.0.1:8000`, with the brackets that an IPv6 address needs. */
export function formatOrigin(host: string, port: number): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** Whether a URL leads to the given port of this machine. */
export function leadsTo(url: string, port: number): boolean {
  const parsed = URL.parse(url);
  if (!parsed) return false;
  const host = withoutBrackets(parsed.hostname);
  if (!isLoopback(host) && !isInList(UNSPECIFIED, host)) return false;
  return Number(parsed.port || (parsed.protocol === 'https:' ? 443 : 80)) === port;
}

function isLoopback(host: string): boolean {
  return host.toLowerCase() === 'localhost' || isLoopbackAddress(host);
}
