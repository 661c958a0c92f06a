import type { ConsoleService } from '../../console/console-service.ts';
import type { Middleware } from '../requests/context.ts';
import type { Route } from '../routing/route-group.ts';

/** Creates the routes of the models that the console shows and changes. */
export function modelRoutes(open: () => Promise<ConsoleService>): Route[] {
  const list: Middleware = async (ctx) => {
    ctx.body = await (await open()).models.list(ctx.state.signal);
  };
  return [{ method: 'get', path: '/console/models', handlers: [list] }];
}
