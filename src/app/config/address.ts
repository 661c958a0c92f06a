import { BlockList } from 'node:net';
import { StartupError } from '../../base/errors.ts';
import { withoutBrackets } from '../../base/network.ts';
import { isInList, isLoopbackAddress } from '../../http/requests/loopback.ts';

/** Addresses that are refused for listening, although connections to them reach this machine. */
const UNSPECIFIED = new BlockList();
UNSPECIFIED.addAddress('0.0.0.0', 'ipv4');
UNSPECIFIED.addAddress('::', 'ipv6');

/**
 * Refuses a host that other machines can reach: every client uses the user's account.
 * @param source The option or variable that the host is from.
 */
export function checkHost(host: string, source = ''): string {
  const bare = withoutBrackets(host);
  if (isLoopback(bare)) return bare;
  const origin = source === '' ? '' : ` It was set by ${source}.`;
  throw new StartupError(
    `The host '${host}' is not a loopback address; use 127.0.0.1, ::1 or localhost, and a tunnel for other machines.${origin}`,
  );
}

/** Formats an origin such as `http://127.0.0.1:8000`, with brackets around an IPv6 address. */
export function formatOrigin(host: string, port: number): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** Returns true if a URL leads to the given port of this machine. */
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
