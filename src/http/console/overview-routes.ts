import type { ConsoleService } from '../../console/console-service.ts';
import type { Middleware } from '../requests/context.ts';
import type { Route } from '../routing/route-group.ts';

/** Creates the routes of what the console shows first. */
export function overviewRoutes(open: () => Promise<ConsoleService>): Route[] {
  const show: Middleware = async (ctx) => {
    ctx.body = await (await open()).overview(ctx.state.signal);
  };
  const showTraffic: Middleware = async (ctx) => {
    ctx.body = (await open()).traffic();
  };
  return [
    { method: 'get', path: '/console/overview', handlers: [show] },
    { method: 'get', path: '/console/traffic', handlers: [showTraffic] },
  ];
}
