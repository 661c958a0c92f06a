import { z } from 'zod';
import { MAIN_TOKEN } from '../../base/scopes.ts';
import type { ToolService } from '../../tools/tool-service.ts';
import type { AnyTool } from '../../tools/tool.ts';
import type { Context, Middleware } from '../requests/context.ts';
import type { Route, RouteGroup } from '../routing/route-group.ts';
import { encodeProblem } from './encode-problem.ts';

/** Creates the routes of the internal tools, `/tools/v1`. */
export function createToolRoutes(service: ToolService): RouteGroup {
  return {
    name: 'tools',
    scope: 'tools',
    resolve: (path) => (path.startsWith('/tools/') ? { path } : undefined),
    encodeError: encodeProblem,
    explainMissing: (path) => service.explainMissing(path.replace('/tools/v1', '')),
    routes: [catalogRoute(service), ...service.tools.map((tool) => toolRoute(tool, service))],
  };
}

function catalogRoute({ tools }: ToolService): Route {
  const list: Middleware = (ctx) => {
    ctx.body = {
      tools: tools.map(({ name, description, path, annotations, input, output }) => ({
        name,
        description,
        method: 'POST',
        path: `/tools/v1${path}`,
        input_schema: z.toJSONSchema(input, { io: 'input' }),
        output_schema: z.toJSONSchema(output),
        annotations,
      })),
    };
  };
  return { method: 'get', path: '/tools/v1/catalog', handlers: [list] };
}

function toolRoute(tool: AnyTool, service: ToolService): Route {
  const call: Middleware = async (ctx) => {
    const { requestId, signal } = ctx.state;
    const { body } = ctx.request;
    const caller = callerOf(ctx);
    const prepared = await service.prepare({
      tool,
      arguments: body,
      caller,
      assistant: 'script',
      requestId,
      idempotencyKey: ctx.req.headers['idempotency-key'] as string | undefined,
      signal,
    });
    ctx.body = await prepared.run(prepared.isConfirmed);
  };
  return { method: 'post', path: `/tools/v1${tool.path}`, body: 'parsed-of-any-type', handlers: [call] };
}

/** Returns the key by which a request was let in. */
export function callerOf(ctx: Context): { readonly id: string; readonly name: string } {
  return ctx.state.caller ?? { id: MAIN_TOKEN, name: MAIN_TOKEN };
}
