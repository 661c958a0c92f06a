import type Koa from 'koa';
import { createBaseApp, type BaseAppOptions } from './base-app.ts';
import { createByteBudget, MAX_LARGEST_BODIES } from './body/byte-budget.ts';
import { createCopilotRoutes, type CopilotRoutesOptions } from './copilot/copilot-routes.ts';
import type { AuthenticateOptions } from './middleware/authenticate.ts';
import type { RequestState } from './requests/context.ts';
import { serveGroups } from './routing/serve-groups.ts';

export interface CopilotAppOptions extends Omit<BaseAppOptions, 'tokens'>, AuthenticateOptions {
  readonly routes: CopilotRoutesOptions;
  /** Maximum bytes of the largest body. */
  readonly bodyLimitBytes: number;
}

/** Creates the request handler of a server that has the routes of the Copilot adapter alone. */
export function createCopilotApp(options: CopilotAppOptions): Koa<RequestState> {
  const { routes, bodyLimitBytes } = options;
  const app = createBaseApp(options);
  app.use(
    serveGroups([createCopilotRoutes({ ...routes, isAlone: true })], {
      ...options,
      bodyBudget: createByteBudget(MAX_LARGEST_BODIES * bodyLimitBytes),
      parseBody: () => Promise.reject(new Error('No route of this server parses its body.')),
    }),
  );
  return app;
}
