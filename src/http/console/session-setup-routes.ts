import type { ConsoleService } from '../../console/console-service.ts';
import type { Middleware } from '../requests/context.ts';
import type { Route } from '../routing/route-group.ts';

/** Creates the route of what the console needs to start a session. Everything else of sessions has its own routes. */
export function sessionSetupRoutes(open: () => Promise<ConsoleService>): Route[] {
  const show: Middleware = async (ctx) => {
    const { sessions } = await open();
    ctx.body = await sessions.setup(ctx.state.signal);
  };
  return [{ method: 'get', path: '/console/sessions', handlers: [show] }];
}
