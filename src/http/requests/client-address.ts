import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';
import { isInList } from './loopback.ts';

/** Returns a list of addresses and networks (`10.0.0.0/8`); undefined if an entry is neither. */
export function parseNetworks(entries: readonly string[]): BlockList | undefined {
  const list = new BlockList();
  for (const entry of entries) {
    const [address = '', bits, ...rest] = entry.split('/');
    const version = isIP(address);
    const longest = version === 4 ? 32 : 128;
    const length = bits === undefined ? longest : /^\d{1,3}$/.test(bits) ? Number(bits) : Infinity;
    if (version === 0 || length > longest || rest.length > 0) return undefined;
    list.addSubnet(address, length, version === 4 ? 'ipv4' : 'ipv6');
  }
  return list;
}

/** Returns the address of the client of a request; '' if its connection has ended. */
export type ReadClientAddress = (request: IncomingMessage) => string;

/**
 * Returns the address of the connection, or, for a connection of a trusted proxy, the last address of `X-Forwarded-For` that is
 * not one of a trusted proxy: those before it are whatever the client wrote.
 */
export function createClientAddress(trustedProxies: readonly string[] = []): ReadClientAddress {
  const trusted = parseNetworks(trustedProxies) ?? new BlockList();
  return ({ socket, headers }) => {
    let address = plainAddress(socket.remoteAddress ?? '');
    if (trustedProxies.length === 0) return address;
    const forwarded = [headers['x-forwarded-for'] ?? []].flat().join(',').split(',').map(plainAddress);
    for (const next of forwarded.toReversed()) {
      if (!isInList(trusted, address) || isIP(next) === 0) break;
      address = next;
    }
    return address;
  };
}

/** Removes white space, a port, brackets, and the prefix of an IPv4 address that is written as one of IPv6. */
function plainAddress(text: string): string {
  return text
    .trim()
    .replace(/^\[(.*)\](?::\d+)?$/, '$1')
    .replace(/^([\d.]+):\d+$/, '$1')
    .replace(/^::ffff:(?=[\d.]+$)/i, '');
}
