import type { Gateway } from '../../gateway/gateway.ts';
import { encodeLimits } from '../../openai/vocabulary/limit-headers.ts';
import type { Middleware } from '../requests/context.ts';

/** Tells the limits of the account with an error, too. */
export function tellLimits(gateway: Gateway): Middleware {
  return async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      ctx.set(encodeLimits(gateway.limits()));
      throw error;
    }
  };
}
