import type { ConsoleService } from '../../console/console-service.ts';
import { checksQuerySchema } from '../../console/contract/checks.ts';
import type { Middleware } from '../requests/context.ts';
import { parseQueryBy } from './parse-body-by.ts';
import type { Route } from '../routing/route-group.ts';

/** Creates the routes of what the console shows first. */
export function overviewRoutes(open: () => Promise<ConsoleService>): Route[] {
  const show: Middleware = async (ctx) => {
    ctx.body = await (await open()).overview(ctx.state.signal);
  };
  const showTraffic: Middleware = async (ctx) => {
    ctx.body = (await open()).traffic();
  };
  const showChecks: Middleware = async (ctx) => {
    const { again } = parseQueryBy(checksQuerySchema, ctx);
    ctx.body = await (await open()).check(again === 'true');
  };
  return [
    { method: 'get', path: '/console/overview', handlers: [show] },
    { method: 'get', path: '/console/traffic', handlers: [showTraffic] },
    { method: 'get', path: '/console/checks', handlers: [showChecks] },
  ];
}
