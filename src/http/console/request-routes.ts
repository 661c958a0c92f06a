import type { ConsoleService } from '../../console/console-service.ts';
import { requestQuerySchema } from '../../console/contract/requests.ts';
import type { Middleware } from '../requests/context.ts';
import type { Route } from '../routing/route-group.ts';
import { parseQueryBy } from './parse-body-by.ts';

/** Creates the routes that show the latest requests. */
export function requestRoutes(open: () => Promise<ConsoleService>): Route[] {
  const list: Middleware = async (ctx) => {
    const query = parseQueryBy(requestQuerySchema, ctx);
    ctx.body = (await open()).requests.list(query);
  };
  return [{ method: 'get', path: '/console/requests', handlers: [list] }];
}
