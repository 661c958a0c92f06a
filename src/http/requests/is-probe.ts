import type { IncomingMessage } from 'node:http';

/** Matches the paths of the probes; other slashes than usual do no harm. */
const PROBE = /^\/+(?:healthz|readyz)\/*(?:\?|$)/i;

/** Returns true for a request that has to be answered at any time, also while the gateway starts or stops. */
export function isProbe({ method, url = '' }: Pick<IncomingMessage, 'method' | 'url'>): boolean {
  return (method === 'GET' || method === 'HEAD') && PROBE.test(url);
}
