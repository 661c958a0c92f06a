import { GatewayError } from '../../base/errors.ts';
import { excerpt } from '../../base/excerpt.ts';
import type { ToolService } from '../../tools/tool-service.ts';
import type { AnyTool } from '../../tools/tool.ts';
import type { Context, Middleware } from '../requests/context.ts';
import { descriptionRoute } from '../routing/description-route.ts';
import type { Route, RouteGroup } from '../routing/route-group.ts';
import { callTool } from './call-tool.ts';
import { catalogRoute } from './catalog-route.ts';
import { resolveBelow } from './resolve-below.ts';
import { encodeProblem } from './encode-problem.ts';

/** Creates the routes of the internal tools, `/tools/v1`. */
export function createToolRoutes(service: ToolService): RouteGroup {
  return {
    name: 'tools',
    scope: 'tools',
    resolve: (path) => resolveBelow('/tools', path),
    encodeError: encodeProblem,
    encodesEarlyErrors: true,
    takesRequestId: true,
    explainMissing: (path) => service.explainMissing(path.replace('/tools/v1', '')),
    listedBy: 'GET /tools/v1/catalog lists the tools and their paths.',
    routes: [
      catalogRoute('/tools/v1/catalog', () =>
        service.tools.map((tool) => ({ tool, path: `/tools/v1${tool.path}` })),
      ),
      descriptionRoute('/tools/openapi.json', async () => {
        const { describeToolApi } = await import('../../tools/openapi/describe-tool-api.ts');
        return describeToolApi(service.tools);
      }),
      ...service.tools.map((tool) => toolRoute(tool, service)),
    ],
  };
}

function toolRoute(tool: AnyTool, service: ToolService): Route {
  const call: Middleware = async (ctx) => {
    ctx.body = await callTool(ctx, service, { tool, arguments: ctx.request.body, fault: findQuery(ctx) });
  };
  return { method: 'post', path: `/tools/v1${tool.path}`, body: 'parsed-of-any-type', handlers: [call] };
}

/** Returns the error for a request with query parameters: nobody must take a dry run for a real one because of `?dry_run=false`. */
function findQuery({ query }: Context): GatewayError | undefined {
  const [param] = Object.keys(query);
  if (param === undefined) return undefined;
  const message = `'${excerpt(param)}' is a query parameter; send all arguments in the body.`;
  return new GatewayError('unknown_parameter', message);
}
