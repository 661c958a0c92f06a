import type { Middleware } from '../requests/context.ts';
import type { Route } from './route-group.ts';

/** Creates a route that describes others by OpenAPI; `describe` is called when somebody first asks. */
export function descriptionRoute(path: string, describe: () => Promise<object>): Route {
  let json: Promise<string> | undefined;
  const show: Middleware = async (ctx) => {
    json ??= describe().then((description) => JSON.stringify(description));
    ctx.type = 'application/json';
    ctx.body = await json;
  };
  return { method: 'get', path, handlers: [show] };
}
