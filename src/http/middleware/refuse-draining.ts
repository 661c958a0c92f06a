import { shuttingDown } from '../../base/errors.ts';
import { isProbe } from '../requests/is-probe.ts';
import type { Middleware } from '../requests/context.ts';

/** Refuses requests that come while the server stops, except probes, and asks their clients to leave the connection. */
export function refuseDraining(isDraining: () => boolean): Middleware {
  return async (ctx, next) => {
    if (isDraining()) {
      ctx.set('connection', 'close');
      if (!isProbe({ method: ctx.method, url: ctx.path })) throw shuttingDown();
    }
    await next();
  };
}
