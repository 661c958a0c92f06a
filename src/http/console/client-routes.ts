import type { ConsoleService } from '../../console/console-service.ts';
import { clientsQuerySchema } from '../../console/contract/clients.ts';
import type { Middleware } from '../requests/context.ts';
import type { Route } from '../routing/route-group.ts';
import { parseQueryBy } from './parse-body-by.ts';

/** Creates the routes of the page that sets up a client. */
export function clientRoutes(open: () => Promise<ConsoleService>): Route[] {
  const list: Middleware = async (ctx) => {
    const query = parseQueryBy(clientsQuerySchema, ctx);
    ctx.body = await (await open()).clients.list(query, ctx.state.signal);
  };
  return [{ method: 'get', path: '/console/clients', handlers: [list] }];
}
