import { MAIN_TOKEN } from '../../base/scopes.ts';
import type { ConsoleService } from '../../console/console-service.ts';
import { modelChangeSchema } from '../../console/contract/models.ts';
import type { Middleware } from '../requests/context.ts';
import type { Route } from '../routing/route-group.ts';
import { configAsker } from './config-asker.ts';
import { parseBodyBy } from './parse-body-by.ts';

/** Creates the routes of the models that the console shows and changes. */
export function modelRoutes(open: () => Promise<ConsoleService>): Route[] {
  const list: Middleware = async (ctx) => {
    ctx.body = await (await open()).models.list(configAsker(ctx));
  };
  const change: Middleware = async (ctx) => {
    const body = parseBodyBy(modelChangeSchema, ctx);
    const { models, note } = await open();
    ctx.body = await models.change(body, configAsker(ctx));
    note({ what: 'models-changed', by: ctx.state.caller?.name ?? MAIN_TOKEN });
  };
  return [
    { method: 'get', path: '/console/models', handlers: [list] },
    { method: 'post', path: '/console/models', body: 'parsed', handlers: [change] },
  ];
}
