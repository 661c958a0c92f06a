import { shuttingDown } from '../../base/errors.ts';
import { isAnsweredToTheEnd } from '../requests/is-probe.ts';
import type { Middleware } from '../requests/context.ts';

/** Refuses requests that come while the server stops, except those about its state, and asks their clients to leave the connection. */
export function refuseDraining(isDraining: () => boolean): Middleware {
  return async (ctx, next) => {
    if (isDraining()) {
      ctx.set('connection', 'close');
      if (!isAnsweredToTheEnd(ctx)) throw shuttingDown();
    }
    await next();
  };
}
