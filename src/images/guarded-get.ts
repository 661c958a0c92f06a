import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { isIP, type LookupFunction } from 'node:net';
import { abortable } from '../base/async/abort.ts';
import { isPublicAddress } from './public-address.ts';

/** Resolves a host name to its addresses. */
export type Resolve = (host: string) => Promise<readonly LookupAddress[]>;

/** Resolves like the operating system, including its hosts file. */
export const resolveBySystem: Resolve = (host) => lookup(host, { all: true });

export interface Guard {
  /** Hosts that may have any address, spelled like `URL.hostname`. */
  readonly hosts: ReadonlySet<string>;
  readonly resolve: Resolve;
}

/**
 * Thrown when a request is not made or its response not accepted. The message is for the log only: it reveals
 * facts about the local network.
 */
export class RefusedFetchError extends Error {
  override readonly name = 'RefusedFetchError';
}

/** The reason of a refused fetch that took too long. */
export const TIMED_OUT = 'timeout';

/**
 * Sends one GET request to exactly the addresses that were checked. Uses no proxy, cookies or credentials,
 * and does not follow redirects.
 */
export async function guardedGet(url: URL, guard: Guard, signal: AbortSignal): Promise<IncomingMessage> {
  if (!['http:', 'https:'].includes(url.protocol)) throw new RefusedFetchError('scheme');
  if (url.username !== '' || url.password !== '') throw new RefusedFetchError('credentials in the URL');
  const addresses = await addressesOf(url.hostname.replace(/^\[(.*)\]$/, '$1'), guard.resolve, signal);
  const allowed = guard.hosts.has(url.hostname) || addresses.every(({ address }) => isPublicAddress(address));
  if (addresses.length === 0 || !allowed) throw new RefusedFetchError('address');

  // An import would load Node's client for `fetch` as well, which takes some 10 MB.
  const { request: send } = process.getBuiltinModule(url.protocol === 'https:' ? 'node:https' : 'node:http');
  const request = send(url, {
    // The global agent may be set to a proxy.
    agent: false,
    lookup: lookupFrom(addresses),
    headers: { accept: 'image/*', 'accept-encoding': 'identity', 'user-agent': 'codex-gateway' },
    signal,
  });
  // Errors after the response starts are reported by the response itself.
  request.on('error', () => {});
  request.end();
  const [response] = (await once(request, 'response', { signal })) as [IncomingMessage];
  return response;
}

async function addressesOf(
  host: string,
  resolve: Resolve,
  signal: AbortSignal,
): Promise<readonly LookupAddress[]> {
  const family = isIP(host);
  return family === 0 ? await abortable(resolve(host), signal) : [{ address: host, family }];
}

/** Returns a lookup function that gives the socket the checked addresses, without a second DNS query. */
function lookupFrom(addresses: readonly LookupAddress[]): LookupFunction {
  const [first] = addresses;
  return (_host, options, callback) => {
    if (options.all === true) callback(null, [...addresses]);
    else callback(null, first!.address, first!.family);
  };
}
