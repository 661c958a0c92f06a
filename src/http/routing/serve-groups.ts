import { authenticate, type AuthenticateOptions } from '../middleware/authenticate.ts';
import { readBody, type ReadBodyOptions } from '../middleware/read-body.ts';
import type { Context, Middleware } from '../requests/context.ts';
import type { FindSurface } from '../requests/surface.ts';
import { createTokenWatch, type TokenWatch } from '../requests/watch-tokens.ts';
import { createRouter } from './create-router.ts';
import { notFound } from './not-found.ts';
import type { Route, RouteGroup } from './route-group.ts';

/** Finds the groups that have rules for requests before they are routed. */
export function surfacesOf(groups: readonly RouteGroup[]): FindSurface {
  const own = groups.filter((group) => group.encodesEarlyErrors || group.takesRequestId);
  return (path) => own.find((group) => group.resolve(path) !== undefined);
}

export interface ServeOptions extends AuthenticateOptions, ReadBodyOptions {}

/** Answers each request by the first group that its path belongs to; a path of no group needs a token, too. */
export function serveGroups(groups: readonly RouteGroup[], given: ServeOptions): Middleware {
  const options = { ...given, watch: createTokenWatch(given.tokens) };
  const served = groups.map((group) => ({ group, answer: serveGroup(group, options) }));
  const checkToken = authenticate(options);
  return async (ctx, next) => {
    for (const { group, answer } of served) {
      const resolved = group.resolve(ctx.path);
      if (resolved === undefined) continue;
      ctx.path = resolved.path;
      ctx.state.deployment = resolved.deployment;
      ctx.state.encodeError = group.encodeError;
      if (group.requestIdHeader !== undefined) ctx.set(group.requestIdHeader, ctx.state.requestId);
      await (group.around ? group.around(ctx, () => answer(ctx, next)) : answer(ctx, next));
      return;
    }
    await checkToken(ctx, () => Promise.reject(notFound(ctx)));
  };
}

interface WatchingOptions extends ServeOptions {
  readonly watch: TokenWatch;
}

/** Answers the requests of one group, whose routes may have to be loaded first. */
function serveGroup(group: RouteGroup, options: WatchingOptions): Middleware {
  const { routes, loadRoutes } = group;
  if (loadRoutes === undefined) return serveRoutes(group, routes, options);
  let loading: Promise<Middleware> | undefined;
  const load = async () => serveRoutes(group, [...routes, ...(await loadRoutes())], options);
  return async (ctx, next) => {
    const answer = await (loading ??= load());
    await answer(ctx, next);
  };
}

/** Answers the requests of one group; a path without a route needs a token, too. */
function serveRoutes(group: RouteGroup, routes: readonly Route[], options: WatchingOptions): Middleware {
  const { tokenHeaders: headers, onLost } = group;
  const router = createRouter();
  for (const { method, path, scope = group.scope, isPublic = false, handlers, ...rest } of routes) {
    const { body, bodyLimitBytes = options.bodyLimitBytes, isForReaders } = rest;
    const check = isPublic ? [] : [authenticate(options, { scope, headers, onLost, isForReaders })];
    const read = body === undefined ? [] : [readBody({ ...options, bodyLimitBytes }, body)];
    router[method](path, noteRoute(path), ...check, ...read, ...handlers);
  }
  const route = router.routes() as Middleware;
  const checkToken = authenticate(options, { scope: group.scope, headers, onLost });
  const refuse = (ctx: Context) =>
    Promise.reject(notFound(ctx, group.explainMissing?.(ctx.path), group.listedBy));
  return (ctx) => route(ctx, () => checkToken(ctx, () => refuse(ctx)));
}

function noteRoute(route: string): Middleware {
  return async (ctx, next) => {
    ctx.state.record.note({ route });
    await next();
  };
}
