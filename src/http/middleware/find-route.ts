import { canonicalPath } from '../canonical-path.ts';
import type { Middleware } from '../context.ts';

/** Lets a path in another spelling lead to its route, too. */
export function findRoute(): Middleware {
  return async (ctx, next) => {
    ctx.path = canonicalPath(ctx.path);
    await next();
  };
}
