import { MAIN_TOKEN, SCOPES } from '../../base/scopes.ts';
import type { ConsoleService } from '../../console/console-service.ts';
import { newTokenSchema } from '../../console/contract/tokens.ts';
import type { TokenAsker } from '../../console/tokens/console-tokens.ts';
import type { Context, Middleware } from '../requests/context.ts';
import { paramOf } from '../requests/path-param.ts';
import type { Route } from '../routing/route-group.ts';
import { parseBodyBy } from './parse-body-by.ts';

/** Creates the routes of the page with the keys. */
export function tokenRoutes(open: () => Promise<ConsoleService>): Route[] {
  const list: Middleware = async (ctx) => {
    ctx.body = await (await open()).tokens.list(askerOf(ctx));
  };
  const add: Middleware = async (ctx) => {
    const given = parseBodyBy(newTokenSchema, ctx);
    ctx.body = await (await open()).tokens.add(askerOf(ctx), given);
  };
  const revoke: Middleware = async (ctx) => {
    await (await open()).tokens.revoke(paramOf(ctx, 'name'));
    ctx.status = 204;
  };
  return [
    { method: 'get', path: '/console/tokens', handlers: [list] },
    { method: 'post', path: '/console/tokens', body: 'parsed', handlers: [add] },
    { method: 'delete', path: '/console/tokens/:name', handlers: [revoke] },
  ];
}

function askerOf({ state: { caller } }: Context): TokenAsker {
  return caller ?? { name: MAIN_TOKEN, scopes: SCOPES };
}
