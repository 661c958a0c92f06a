import type { OpenedAccess } from './access/open-access.ts';
import type { Observer } from '../base/observation.ts';
import type { ConsoleRecorder } from '../console/recording/console-recorder.ts';
import { ORIGINATOR } from '../codex/protocol/handshake.ts';
import type { ModelDirectory } from '../gateway/models/model-directory.ts';
import { createApp, type AppOptions } from '../http/app.ts';
import type { CopilotRoutesOptions } from '../http/copilot/copilot-routes.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { ActiveRequests } from '../http/requests/active-requests.ts';
import type { OpenSockets } from '../http/web-socket/open-sockets.ts';
import type { CodexSetUp } from './codex/codex-setup.ts';
import type { StartedCodex } from './codex/serve-codex.ts';
import { createStatus } from './codex/status.ts';
import { createFigures } from './codex/figures.ts';
import { lazyConsole } from './console/lazy-console.ts';
import { createUsage } from './codex/usage-report.ts';
import type { Settings } from './config/config.ts';
import { reachOf } from './config/reach.ts';
import type { Readiness } from './lifecycle/readiness.ts';
import type { GatewayState } from './state/open-state.ts';
import type { GatewayDescription } from './running-gateway.ts';
import type { WorkerBodyParser } from './worker/body-parser.ts';

/** Time for which a WebSocket stays open, as with OpenAI. */
const SOCKET_LIFETIME_MS = 60 * 60_000;

/** The parts behind the HTTP side. */
export interface AppParts {
  readonly active: ActiveRequests;
  readonly sockets: OpenSockets;
  readonly bodies: WorkerBodyParser;
  readonly codex: CodexSetUp;
  readonly started: StartedCodex;
  readonly state: GatewayState;
  readonly models: ModelDirectory;
  readonly access: OpenedAccess;
  readonly copilot: CopilotRoutesOptions | undefined;
  readonly sessions?: AppOptions['sessions'];
  readonly tools?: AppOptions['tools'];
  readonly readiness: Readiness;
  readonly metrics: Metrics;
  readonly recorder: ConsoleRecorder;
  /** The gateway at its start. */
  readonly description: Pick<GatewayDescription, 'login' | 'model'>;
}

/** Creates the app that serves all routes. */
export function composeApp(
  parts: AppParts,
  settings: Settings,
  observer: Observer,
): ReturnType<typeof createApp> {
  const { active, sockets, bodies, codex, started, state, models, access, copilot, readiness, metrics } =
    parts;
  const { login, model } = parts.description;
  const { engine, gateway } = started;
  const figures = createFigures({ engine, gateway, settings, state, metrics });
  const status = createStatus({
    ...codex.engineOptions,
    engine,
    models,
    copilot: copilot?.copilot,
    figures,
    login,
    model,
  });
  return createApp({
    stateOf: state.callers.of,
    ...httpSettings(settings),
    reach: reachOf(settings),
    status,
    console: lazyConsole({ keeper: access.keeper, status, recorder: parts.recorder }),
    metrics: () => metrics.render(figures),
    usage: createUsage({ engine, ledger: state.ledger }),
    readiness: readiness.read,
    isDraining: readiness.isDraining,
    active,
    sockets,
    observer,
    gateway,
    models,
    copilot,
    sessions: parts.sessions,
    tools: parts.tools,
    tokens: access,
    command: codex.engineOptions.command,
    parseBody: bodies.parse,
    originator: ORIGINATOR,
    socketLifetimeMs: SOCKET_LIFETIME_MS,
  });
}

/** Returns the settings of the HTTP side, in its units. */
function httpSettings({
  limits,
  compatibility,
  maxTokens,
  defaultModel,
  keepAlive,
  deadlines,
}: Settings): Pick<AppOptions, 'bodyLimitBytes' | 'policy' | 'keepAlive' | 'stallLimitMs'> {
  return {
    bodyLimitBytes: limits.bodyBytes,
    policy: {
      strict: compatibility === 'strict',
      enforceMaxTokens: maxTokens === 'enforce',
      defaultModel,
    },
    keepAlive: {
      commentMs: keepAlive.comment * 1000,
      heartbeatMs: keepAlive.heartbeat * 1000,
      firstSpaceMs: keepAlive.firstSpace * 1000,
      nextSpaceMs: keepAlive.nextSpace * 1000,
    },
    stallLimitMs: deadlines.idle * 1000,
  };
}
