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
    const { tokens, note } = await open();
    const asker = askerOf(ctx);
    ctx.body = await tokens.add(asker, given);
    note({ what: 'key-added', by: asker.name, name: given.name });
  };
  const revoke: Middleware = async (ctx) => {
    const { tokens, note } = await open();
    const name = paramOf(ctx, 'name');
    await tokens.revoke(name);
    note({ what: 'key-revoked', by: askerOf(ctx).name, name });
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
