import type { IncomingMessage } from 'node:http';

/** Matches the paths of the probes; other slashes than usual do no harm. */
const PROBE = /^\/+(?:healthz|readyz)\/*(?:\?|$)/i;

/** Returns true for a request that has to be answered at any time, also while the gateway starts or stops. */
export function isProbe({ method, url = '' }: Pick<IncomingMessage, 'method' | 'url'>): boolean {
  return (method === 'GET' || method === 'HEAD') && PROBE.test(url);
}

/** Matches the path of the figures that `codex-gateway status` reads. */
const STATUS = /^\/+status\/*$/i;

/** Returns true for a request that is answered while the gateway stops: one that asks how it does. */
export function isAnsweredToTheEnd({
  method,
  path,
}: {
  readonly method: string;
  readonly path: string;
}): boolean {
  return isProbe({ method, url: path }) || (method === 'GET' && STATUS.test(path));
}
