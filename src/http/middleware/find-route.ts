import { canonicalPath } from '../requests/canonical-path.ts';
import type { Middleware } from '../requests/context.ts';

/** Routes other spellings of a path as well, and keeps the deployment that the path names. */
export function findRoute(): Middleware {
  return async (ctx, next) => {
    const { path, deployment } = canonicalPath(ctx.path);
    ctx.path = path;
    ctx.state.deployment = deployment;
    await next();
  };
}
