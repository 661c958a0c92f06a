import type Koa from 'koa';
import { encodeError } from '../openai/vocabulary/error-body.ts';
import { createByteBudget, MAX_LARGEST_BODIES } from './body/byte-budget.ts';
import type { AuthenticateOptions } from './middleware/authenticate.ts';
import { createBaseApp, type BaseAppOptions } from './base-app.ts';
import { keepBodies } from './middleware/keep-bodies.ts';
import { refuseLoops } from './middleware/check-request.ts';
import type { ReadBodyOptions } from './middleware/read-body.ts';
import type { OpenAiOptions } from './openai/openai-options.ts';
import { createConsoleGroup } from './console/console-group.ts';
import type { ConsoleOptions } from './console/console-routes.ts';
import { createCopilotRoutes, type CopilotRoutesOptions } from './copilot/copilot-routes.ts';
import { createOpenAi } from './openai/routes.ts';
import { createOperations, type OperationsOptions } from './operations/operations.ts';
import type { RequestState } from './requests/context.ts';
import { createSessionRoutes, type SessionRoutesOptions } from './sessions/session-routes.ts';
import { createItaRoutes } from './tools/ita-routes.ts';
import { createToolRoutes } from './tools/tool-routes.ts';
import { createMcpRoutes } from './mcp/mcp-routes.ts';
import type { BodyLog } from '../console/recording/body-log.ts';
import type { McpEndpoint } from '../tools/mcp/mcp-endpoint.ts';
import type { ToolService } from '../tools/tool-service.ts';
import type { RouteGroup } from './routing/route-group.ts';
import { serveGroups, surfacesOf } from './routing/serve-groups.ts';

export interface AppOptions
  extends
    Omit<BaseAppOptions, 'tokens'>,
    AuthenticateOptions,
    Omit<ReadBodyOptions, 'bodyBudget'>,
    Omit<OpenAiOptions, 'bodyBudget'>,
    Omit<OperationsOptions, 'encodeError'> {
  /** The `originator` header that the gateway's own Codex sends. */
  readonly originator: string;
  /** The routes of the Copilot adapter; undefined if it is switched off. */
  readonly copilot?: CopilotRoutesOptions | undefined;
  /** The agent sessions; undefined if nobody has named a folder for them. */
  readonly sessions?: SessionRoutesOptions['sessions'];
  /** The internal tools; undefined for a server without them. */
  readonly tools?: { readonly service: ToolService; readonly mcp: McpEndpoint } | undefined;
  /** The log of bodies; undefined unless they are to be held. */
  readonly bodyLog?: BodyLog | undefined;
  /** The page at `/`; undefined for a server without it. */
  readonly console?: ConsoleOptions | undefined;
}

/** Creates the server's request handler. */
export function createApp(options: AppOptions): Koa<RequestState> {
  const { originator, tools } = options;
  const copilot = options.copilot && createCopilotRoutes(options.copilot);
  const toolGroups = tools ? createToolGroups(tools, options) : [];
  const page = options.console && createConsoleGroup({ ...options, ...options.console });
  const bodyBudget = createByteBudget(MAX_LARGEST_BODIES * options.bodyLimitBytes);
  const groups: RouteGroup[] = [
    createOperations({ ...options, encodeError }),
    ...(copilot ? [copilot] : []),
    createSessionRoutes(options),
    ...toolGroups,
    ...(page ? [page] : []),
    createOpenAi({ ...options, bodyBudget }),
  ];

  const app = createBaseApp({ ...options, findSurface: surfacesOf(groups) });
  // The adapter leads away from the gateway, and tools start no turn: its own Codex may call both.
  const free = [copilot, ...toolGroups];
  app.use(refuseLoops(originator, ({ path }) => free.some((group) => group?.resolve(path) !== undefined)));
  if (options.bodyLog) {
    app.use(keepBodies(options.bodyLog, (path) => page?.resolve(path) !== undefined));
  }
  app.use(serveGroups(groups, { ...options, bodyBudget }));
  return app;
}

function createToolGroups(
  { service, mcp }: NonNullable<AppOptions['tools']>,
  options: AppOptions,
): RouteGroup[] {
  return [createItaRoutes(service), createToolRoutes(service), createMcpRoutes({ ...options, mcp })];
}
