import { MAIN_TOKEN } from '../../base/scopes.ts';
import type { ConsoleService } from '../../console/console-service.ts';
import { settingChangeSchema } from '../../console/contract/settings.ts';
import type { Middleware } from '../requests/context.ts';
import type { Route } from '../routing/route-group.ts';
import { configAsker } from './config-asker.ts';
import { parseBodyBy } from './parse-body-by.ts';

/** Creates the routes of the settings that the console shows and changes. */
export function settingRoutes(open: () => Promise<ConsoleService>): Route[] {
  const list: Middleware = async (ctx) => {
    ctx.body = await (await open()).settings.list(configAsker(ctx));
  };
  const change: Middleware = async (ctx) => {
    const body = parseBodyBy(settingChangeSchema, ctx);
    const { settings, note } = await open();
    ctx.body = await settings.change(body, configAsker(ctx));
    note({ what: 'setting-changed', by: ctx.state.caller?.name ?? MAIN_TOKEN, name: body.key });
  };
  return [
    { method: 'get', path: '/console/settings', handlers: [list] },
    { method: 'post', path: '/console/settings', body: 'parsed', handlers: [change] },
  ];
}
