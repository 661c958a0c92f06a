import { encodeError } from '../../openai/vocabulary/error-body.ts';
import type { ResolvedPath, RouteGroup } from '../routing/route-group.ts';
import type { ConsoleRoutesOptions } from './console-routes.ts';
import { protectPage } from './protect-page.ts';

/** Creates the route group of the console, whose code is loaded with the first request for it. */
export function createConsoleGroup(options: ConsoleRoutesOptions): RouteGroup {
  return {
    name: 'console',
    scope: 'console',
    resolve: resolvePath,
    encodeError,
    around: protectPage,
    routes: [],
    loadRoutes: async () => {
      const { createConsoleRoutes } = await import('./console-routes.ts');
      return createConsoleRoutes(options).routes;
    },
  };
}

function resolvePath(path: string): ResolvedPath | undefined {
  return path === '/' || path === '/console' || path.startsWith('/console/') ? { path } : undefined;
}
