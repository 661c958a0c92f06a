import { GatewayError } from '../../base/errors.ts';
import type { Middleware } from './context.ts';

/** Seconds after which a request that was refused can succeed. */
const RETRY_AFTER_SECONDS = 5;

/** Refuses a request if so many of the same token are being answered; without a token, all are let in. */
export function limitCallers(most: number): Middleware {
  const counts = new Map<string, number>();
  return async (ctx, next) => {
    const id = ctx.state.caller?.id;
    if (id === undefined) return await next();
    const count = counts.get(id) ?? 0;
    if (count >= most) {
      throw new GatewayError(
        'queue_full',
        'Rate limit reached: too many requests with this API key are being answered. Try again later.',
        { retryAfter: RETRY_AFTER_SECONDS },
      );
    }
    ctx.state.signal.throwIfAborted();
    counts.set(id, count + 1);
    // A stream goes on after its handler.
    ctx.res.once('close', () => {
      const left = counts.get(id)! - 1;
      if (left > 0) counts.set(id, left);
      else counts.delete(id);
    });
    await next();
  };
}
