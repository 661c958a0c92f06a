import { GatewayError } from '../../base/errors.ts';
import type { Middleware } from '../requests/context.ts';

/** Refuses what HTTP itself does not allow in the head of a request, and what no route could answer. */
export function checkHead(): Middleware {
  return async (ctx, next) => {
    const { method, httpVersion, headers } = ctx.req;
    if (method === 'CONNECT') {
      const why = 'CONNECT is not answered: the gateway is no proxy. Use it as the base URL of the API.';
      throw new GatewayError('method_not_allowed', why, { allow: ['GET', 'HEAD', 'POST', 'DELETE'] });
    }
    if (httpVersion === '1.1') {
      if (headers.host === undefined)
        throw new GatewayError('invalid_request', 'The request has no Host header, which HTTP/1.1 requires.');
      if (headers.expect !== undefined && !/\b100-continue\b/i.test(headers.expect))
        throw new GatewayError('expectation_failed', "The only Expect header supported is '100-continue'.");
    }
    await next();
  };
}
