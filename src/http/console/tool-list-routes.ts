import { GatewayError } from '../../base/errors.ts';
import type { ConsoleService } from '../../console/console-service.ts';
import { auditQuerySchema } from '../../console/contract/tools.ts';
import type { Context, Middleware } from '../requests/context.ts';
import type { Route } from '../routing/route-group.ts';
import { parseQueryBy } from './parse-body-by.ts';

/** Creates the routes of the page with the internal tools. They are called by their own routes. */
export function toolListRoutes(open: () => Promise<ConsoleService>): Route[] {
  const list: Middleware = async (ctx) => {
    ctx.body = (await open()).tools.list();
  };
  const audit: Middleware = async (ctx) => {
    const filter = parseQueryBy(auditQuerySchema, ctx);
    ctx.body = await (await open()).tools.audit(filter);
  };
  return [
    { method: 'get', path: '/console/tools', handlers: [requireTools, list] },
    { method: 'get', path: '/console/audit', handlers: [requireTools, audit] },
  ];
}

/** Refuses a token that may not use the tools: the audit has the arguments of all calls. */
const requireTools: Middleware = async (ctx: Context, next) => {
  const { caller } = ctx.state;
  if (caller !== undefined && !caller.scopes.includes('tools')) {
    throw new GatewayError(
      'missing_scope',
      'You have insufficient permissions for this operation. Missing scopes: tools.',
    );
  }
  await next();
};
