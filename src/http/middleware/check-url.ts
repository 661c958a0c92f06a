import { GatewayError } from '../../base/errors.ts';
import type { Middleware } from '../requests/context.ts';
import { pathOf } from '../requests/path-of.ts';

/** Refuses a request line whose URL cannot be parsed, before anything tries to. */
export function checkUrl(): Middleware {
  return async (ctx, next) => {
    if (pathOf(ctx.req.url ?? '') === undefined) {
      throw new GatewayError('invalid_url', 'The URL of the request cannot be read.');
    }
    await next();
  };
}
