import type { ConsoleService } from '../../console/console-service.ts';
import type { Middleware } from '../requests/context.ts';
import type { Route } from '../routing/route-group.ts';

/** Creates the route of what the console shows first. */
export function overviewRoutes(open: () => Promise<ConsoleService>): Route[] {
  const show: Middleware = async (ctx) => {
    ctx.body = await (await open()).overview(ctx.state.signal);
  };
  return [{ method: 'get', path: '/console/overview', handlers: [show] }];
}
