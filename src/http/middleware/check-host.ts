import { GatewayError } from '../../base/errors.ts';
import { excerpt } from '../../base/excerpt.ts';
import type { Context, Middleware } from '../requests/context.ts';
import { createHostRule, parseNamedHost } from '../requests/host-rules.ts';

export interface HostRules {
  /** Hosts, with or without a port, that a request may name beside this machine. */
  readonly allowedHosts?: readonly string[];
}

/**
 * Refuses requests for another host. A web page whose own host name resolves to this machine (DNS rebinding) looks to the
 * browser as if it came from here: only the name shows that it does not. A server that asks for no token answers for this
 * machine alone.
 */
export function checkHostHeader({ allowedHosts = [] }: HostRules): Middleware {
  const isAllowedWithToken = createHostRule(allowedHosts);
  const isAllowedWithout = createHostRule([]);
  return async (ctx, next) => {
    const { isOpen } = ctx.state;
    const isAllowed = isOpen ? isAllowedWithout : isAllowedWithToken;
    for (const text of namedHosts(ctx)) {
      const host = parseNamedHost(text);
      if (host === undefined) {
        throw new GatewayError('invalid_url', 'The Host header of the request cannot be read.');
      }
      if (!isAllowed(host)) throw forbiddenHost(text, isOpen);
    }
    await next();
  };
}

/** Returns the hosts that a request names: in its headers, and in its target if that is a complete URL. */
function namedHosts({ req: { url = '', headersDistinct } }: Context): string[] {
  const target = url.startsWith('/') ? '' : (URL.parse(url)?.host ?? '');
  // HTTP/1.0 has no Host header, and a request that has two means either.
  const { host: named = [] } = headersDistinct;
  return target === '' ? named : [...named, target];
}

function forbiddenHost(text: string, isOpen: boolean): GatewayError {
  const advice = isOpen
    ? 'A server without a token answers to no other name; start it with a token to use one.'
    : "List it in the setting 'allowedHosts', or call the gateway by localhost.";
  return new GatewayError(
    'forbidden_host',
    `The gateway does not answer for the host ${excerpt(text)}, which the Host header of this request names. ${advice}`,
    { logMessage: `A request for another Host was refused. ${advice}` },
  );
}
