import { Readable } from 'node:stream';
import type { McpEndpoint } from '../../tools/mcp/mcp-endpoint.ts';
import type { Context, Middleware } from '../requests/context.ts';
import type { RouteGroup } from '../routing/route-group.ts';
import { callerOf } from '../tools/tool-routes.ts';
import { encodeProblem } from '../tools/encode-problem.ts';

/** Creates the route of the Model Context Protocol, `/mcp`. */
export function createMcpRoutes(endpoint: McpEndpoint): RouteGroup {
  const handle: Middleware = async (ctx) => {
    const response = await endpoint.handle(webRequest(ctx), ctx.request.body, callerOf(ctx));
    await answerWith(ctx, response);
  };
  return {
    name: 'mcp',
    scope: 'tools',
    resolve: (path) => (path === '/mcp' ? { path } : undefined),
    encodeError: encodeProblem,
    routes: [
      { method: 'post', path: '/mcp', body: 'parsed', handlers: [handle] },
      { method: 'get', path: '/mcp', handlers: [handle] },
      { method: 'delete', path: '/mcp', handlers: [handle] },
    ],
  };
}

/** Returns the request as the SDK reads it; its body is parsed already. */
function webRequest(ctx: Context): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(ctx.req.headers)) {
    if (value !== undefined && name !== 'content-length') headers.set(name, String(value));
  }
  return new Request(`http://localhost${ctx.path}`, { method: ctx.method, headers });
}

async function answerWith(ctx: Context, response: Response): Promise<void> {
  ctx.status = response.status;
  response.headers.forEach((value, name) => ctx.set(name, value));
  ctx.body = response.body === null ? null : Readable.fromWeb(response.body);
}
