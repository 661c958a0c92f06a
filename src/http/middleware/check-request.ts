import { GatewayError } from '../../base/errors.ts';
import type { Context, Middleware } from '../requests/context.ts';
import { pathOf } from '../requests/request-head.ts';

/** Refuses requests that violate HTTP or that no route could answer, before anything parses their URL. */
export function checkHead(): Middleware {
  return async (ctx, next) => {
    checkProtocol(ctx);
    if (pathOf(ctx.req.url ?? '') === undefined) {
      throw new GatewayError('invalid_url', 'The URL of the request cannot be read.');
    }
    await next();
  };
}

function checkProtocol({ req: { method, httpVersion, headers } }: Context): void {
  if (method === 'CONNECT') {
    const why = 'CONNECT is not answered: the gateway is not a proxy. Use it as the base URL of the API.';
    throw new GatewayError('method_not_allowed', why, { allow: ['GET', 'HEAD', 'POST', 'DELETE'] });
  }
  if (httpVersion !== '1.1') return;
  if (headers.host === undefined)
    throw new GatewayError('invalid_request', 'The request has no Host header, which HTTP/1.1 requires.');
  if (headers.expect !== undefined && !/\b100-continue\b/i.test(headers.expect))
    throw new GatewayError('expectation_failed', "The only Expect header supported is '100-continue'.");
}

/**
 * Refuses requests of the gateway's own Codex: a gateway that is its own provider would call itself forever.
 * @param originator The value that Codex sends as its `originator` header.
 */
export function refuseLoops(
  originator: string,
  isExempt: (ctx: Context) => boolean = () => false,
): Middleware {
  return async (ctx, next) => {
    if (ctx.get('originator') === originator && !isExempt(ctx)) {
      throw new GatewayError(
        'loop_detected',
        "This gateway's own Codex called it: the provider in Codex's config.toml points back at a codex-gateway.",
      );
    }
    await next();
  };
}
