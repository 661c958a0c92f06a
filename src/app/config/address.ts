import { BlockList } from 'node:net';
import { StartupError } from '../../base/errors.ts';
import { withoutBrackets } from '../../base/network.ts';
import { parseNamedHost } from '../../http/requests/host-rules.ts';
import { isInList, isLoopbackAddress } from '../../http/requests/loopback.ts';

/** Addresses that stand for all addresses of this machine. */
const UNSPECIFIED = new BlockList();
UNSPECIFIED.addAddress('0.0.0.0', 'ipv4');
UNSPECIFIED.addAddress('::', 'ipv6');

/**
 * Returns a host to listen on, without brackets.
 * @param source The option or variable that the host is from.
 */
export function checkHost(host: string, source = ''): string {
  const bare = withoutBrackets(host);
  const named = parseNamedHost(bare);
  if (named !== undefined && named.port === undefined) return bare;
  const origin = source === '' ? '' : ` It was set by ${source}.`;
  throw new StartupError(
    `The host '${host}' is neither an address nor a name; use 127.0.0.1, ::1 or localhost, and --port for the port.${origin}`,
  );
}

/** Formats an origin by which this machine reaches a server, such as `http://127.0.0.1:8000`. */
export function formatOrigin(host: string, port: number): string {
  const reached = isUnspecified(host) ? (host.includes(':') ? '::1' : '127.0.0.1') : host;
  return `http://${reached.includes(':') ? `[${reached}]` : reached}:${port}`;
}

/** Returns true for an address that stands for all addresses of this machine. */
export function isUnspecified(host: string): boolean {
  return isInList(UNSPECIFIED, host);
}

/** Returns true if a URL leads to the given port of this machine. */
export function leadsTo(url: string, port: number): boolean {
  const parsed = URL.parse(url);
  if (!parsed) return false;
  const host = withoutBrackets(parsed.hostname);
  if (!isLoopback(host) && !isUnspecified(host)) return false;
  return Number(parsed.port || (parsed.protocol === 'https:' ? 443 : 80)) === port;
}

/** Returns true for a host that other machines cannot reach. */
export function isLoopback(host: string): boolean {
  return host.toLowerCase() === 'localhost' || isLoopbackAddress(host);
}
