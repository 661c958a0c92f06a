import { GatewayError } from '../../base/errors.ts';
import type { ConsoleService } from '../../console/console-service.ts';
import { requestQuerySchema } from '../../console/contract/requests.ts';
import type { Middleware } from '../requests/context.ts';
import { paramOf } from '../requests/path-param.ts';
import type { Route } from '../routing/route-group.ts';
import { parseQueryBy } from './parse-body-by.ts';

/** Creates the routes that show the latest requests. */
export function requestRoutes(open: () => Promise<ConsoleService>): Route[] {
  const list: Middleware = async (ctx) => {
    const query = parseQueryBy(requestQuerySchema, ctx);
    ctx.body = (await open()).requests.list(query);
  };
  const show: Middleware = async (ctx) => {
    const shown = (await open()).requests.show(Number(paramOf(ctx, 'number')));
    if (shown === undefined) throw forgotten();
    ctx.body = shown;
  };
  return [
    { method: 'get', path: '/console/requests', handlers: [list] },
    { method: 'get', path: '/console/requests/:number', handlers: [show] },
  ];
}

function forgotten(): GatewayError {
  return new GatewayError(
    'unknown_url',
    "This request is no longer listed: the gateway holds the latest ones alone, as many as 'requestLog.count' says.",
  );
}
