import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { abortable } from '../base/async/abort.ts';
import { isPublicAddress } from './public-address.ts';

/** Tells the addresses of a host name. */
export type Resolve = (host: string) => Promise<readonly LookupAddress[]>;

/** As the system does it, with its hosts file. */
export const resolveBySystem: Resolve = (host) => lookup(host, { all: true });

export interface Guard {
  /** Hosts that may stand anywhere, as `URL.hostname` writes them. */
  readonly hosts: ReadonlySet<string>;
  readonly resolve: Resolve;
}

/** Why a request was not made, or its answer not taken. For the log: it tells what the network behind looks like. */
export class RefusedFetchError extends Error {
  override readonly name = 'RefusedFetchError';
}

/**
 * Makes one GET, to the very address that was found to be a public one. No proxy, no cookie, no credential takes part,
 * and a redirect is an answer like another.
 */
export async function guardedGet(url: URL, guard: Guard, signal: AbortSignal): Promise<IncomingMessage> {
  if (!['http:', 'https:'].includes(url.protocol)) throw new RefusedFetchError('scheme');
  if (url.username !== '' || url.password !== '') throw new RefusedFetchError('credentials in the URL');
  const addresses = await addressesOf(url.hostname.replace(/^\[(.*)\]$/, '$1'), guard.resolve, signal);
  const allowed = guard.hosts.has(url.hostname) || addresses.every(({ address }) => isPublicAddress(address));
  if (addresses.length === 0 || !allowed) throw new RefusedFetchError('address');

  const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
  const request = send(url, {
    // An agent of its own: the global one may be set to a proxy.
    agent: false,
    lookup: answer(addresses),
    headers: { accept: 'image/*', 'accept-encoding': 'identity', 'user-agent': 'codex-gateway' },
    signal,
  });
  // What comes after the answer is said by the answer itself.
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

/** Nothing is asked a second time: the socket gets what was checked. */
function answer(addresses: readonly LookupAddress[]): LookupFunction {
  const [first] = addresses;
  return (_host, options, callback) => {
    if (options.all === true) callback(null, [...addresses]);
    else callback(null, first!.address, first!.family);
  };
}
