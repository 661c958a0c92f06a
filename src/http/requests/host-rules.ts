import { isIP } from 'node:net';
import { withoutBrackets } from '../../base/network.ts';
import { isLoopbackAddress } from './loopback.ts';

/** The host of a `Host` header, or of an entry of `allowedHosts`. */
interface NamedHost {
  /** In lower case, without brackets and without the dot at the end of a complete name. */
  readonly name: string;
  readonly port: number | undefined;
}

/** The ports of `http:` and `https:` that a browser does not name. */
const USUAL_PORTS = [80, 443];

/** Returns undefined for a text that is not a host with or without a port. */
export function parseNamedHost(text: string): NamedHost | undefined {
  const host = isIP(text) === 6 ? `[${text}]` : text;
  if (!/^[^\s/?#@\\*]+$/.test(host)) return undefined;
  const url = URL.parse(`http://${host}`);
  if (url === null) return undefined;
  // A URL forgets a port that is the usual one of its scheme.
  const port = /:(\d+)$/.exec(host.replace(/^\[.*\]/, ''))?.[1];
  return { name: nameIn(url.hostname), port: port === undefined ? undefined : Number(port) };
}

/** Returns true if the host of a URL is this machine by its name or by its address. */
export function isThisMachine(hostname: string): boolean {
  const name = nameIn(hostname);
  return /(?:^|\.)localhost$/.test(name) || isLoopbackAddress(name);
}

/**
 * Returns a function that says if a host may be named: this machine, and those of the list. An entry without a port allows
 * every port, and one with the usual port of a scheme also a host without a port: browsers leave that port out.
 */
export function createHostRule(allowedHosts: readonly string[]): (host: NamedHost) => boolean {
  const allowed = allowedHosts.map(parseNamedHost).filter((entry) => entry !== undefined);
  return ({ name, port }) =>
    isThisMachine(name) || allowed.some((entry) => entry.name === name && isPortAllowed(entry.port, port));
}

function isPortAllowed(allowed: number | undefined, port: number | undefined): boolean {
  return allowed === undefined || allowed === port || (port === undefined && USUAL_PORTS.includes(allowed));
}

function nameIn(hostname: string): string {
  return withoutBrackets(hostname.toLowerCase()).replace(/\.$/, '');
}
