import type { ConsoleService } from '../../console/console-service.ts';
import type { KeepAliveTimes } from '../edge/keep-alive.ts';
import type { RouteGroup } from '../routing/route-group.ts';
import { clientRoutes } from './client-routes.ts';
import { eventRoute } from './event-route.ts';
import { modelRoutes } from './model-routes.ts';
import { overviewRoutes } from './overview-routes.ts';
import { pageRoutes, type ConsolePage } from './page-routes.ts';
import { requestRoutes } from './request-routes.ts';
import { sessionSetupRoutes } from './session-setup-routes.ts';
import { settingRoutes } from './setting-routes.ts';
import { signInRoutes, type SignInOptions } from './sign-in-routes.ts';
import { toolListRoutes } from './tool-list-routes.ts';
import { tokenRoutes } from './token-routes.ts';

export interface ConsoleOptions {
  /** Resolves to the service, which is made when it is first asked for. */
  open(): Promise<ConsoleService>;
  readonly page: ConsolePage;
  /** True for the demo. */
  readonly isDemo: boolean;
}

export interface ConsoleRoutesOptions extends ConsoleOptions, Omit<SignInOptions, 'open'> {
  readonly keepAlive: Pick<KeepAliveTimes, 'commentMs' | 'heartbeatMs'>;
  readonly stallLimitMs: number;
}

/** Creates the routes of the console: its page at `/`, and what the page asks for below `/console`. */
export function createConsoleRoutes(options: ConsoleRoutesOptions): Pick<RouteGroup, 'routes'> {
  const { open } = options;
  return {
    routes: [
      ...pageRoutes(options.page),
      ...signInRoutes(options),
      ...modelRoutes(open),
      ...settingRoutes(open),
      ...overviewRoutes(open),
      ...tokenRoutes(open),
      ...requestRoutes(open),
      ...clientRoutes(open),
      ...sessionSetupRoutes(open),
      ...toolListRoutes(open),
      eventRoute(options),
    ],
  };
}
