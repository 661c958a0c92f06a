import type { Middleware } from '../requests/context.ts';
import type { Route } from '../routing/route-group.ts';

/** Creates the route that describes the others by OpenAPI. */
export function descriptionRoute(routes: readonly Route[]): Route {
  let json: Promise<string> | undefined;
  const show: Middleware = async (ctx) => {
    json ??= describeRoutes([...routes, route]);
    ctx.type = 'application/json';
    ctx.body = await json;
  };
  const route: Route = { method: 'get', path: '/openapi.json', handlers: [show] };
  return route;
}

/** Describes routes by code that is loaded only when somebody asks for it. */
async function describeRoutes(routes: readonly Route[]): Promise<string> {
  const { describeApi } = await import('../../sessions/openapi/describe-api.ts');
  return JSON.stringify(describeApi(routes));
}
