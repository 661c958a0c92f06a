import { ORIGINATOR } from '../codex/protocol/handshake.ts';
import { createApp, type AppOptions } from '../http/app.ts';
import type { AppParts } from './app-parts.ts';
import type { ComposeOptions } from './compose-options.ts';
import { createStatus } from './codex/status.ts';
import { createFigures } from './codex/figures.ts';
import { lazyConsole } from './console/lazy-console.ts';
import { createUsage } from './codex/usage-report.ts';
import type { Settings } from './config/config.ts';
import { reachOf } from './config/reach.ts';

/** Time for which a WebSocket stays open, as with OpenAI. */
const SOCKET_LIFETIME_MS = 60 * 60_000;

/** Creates the app that serves all routes. */
export function composeApp(parts: AppParts, options: ComposeOptions): ReturnType<typeof createApp> {
  const { settings, observer } = options;
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
    console: lazyConsole({ parts, options, status }),
    bodyLog: parts.recorder.bodies,
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
