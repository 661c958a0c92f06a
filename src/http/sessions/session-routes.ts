import { sendStream, type StreamOptions } from '../edge/send-stream.ts';
import type { Middleware } from '../requests/context.ts';
import { paramOf } from '../requests/path-param.ts';
import { descriptionRoute } from '../routing/description-route.ts';
import type { ResolvedPath, Route, RouteGroup } from '../routing/route-group.ts';
import { changeRoutes } from './change-routes.ts';
import { chatRoutes } from './chat-routes.ts';
import { encodeSessionError } from './encode-session-error.ts';
import { listRoutes } from './list-routes.ts';
import { runtimeRoutes } from './runtime-routes.ts';
import { ownerOf } from './session-context.ts';
import type { SessionService } from './session-service.ts';
import { streamSession } from './stream-session.ts';
import { turnRoutes } from './turn-routes.ts';

export interface SessionRoutesOptions extends Pick<StreamOptions, 'keepAlive' | 'stallLimitMs'> {
  /** Undefined if nobody has named a folder for sessions. */
  readonly sessions?: SessionService | undefined;
}

/** Matches the paths of agent sessions; `/chat/completions` is one of OpenAI's API. */
const PATHS =
  /^\/(?:auth\/(?:device|status)|chat\/(?:sessions|threads)(?:\/.*)?|cms(?:\/.*)?|health|openapi\.json|runtime(?:\/.*)?)$/;

/** Matches paths of a bridge that a gateway does not have. */
const NOT_OFFERED = /^\/(?:cms|runtime\/tools)(?:\/|$)/;

const OFF =
  'Agent sessions are off: name a folder for them in "sessions": {"roots": [...]} of the config file, or by --workspace.';

/** Creates the routes of agent sessions. */
export function createSessionRoutes(options: SessionRoutesOptions): RouteGroup {
  const { sessions: service } = options;
  return {
    name: 'sessions',
    scope: 'sessions',
    resolve: resolvePath,
    encodeError: encodeSessionError,
    explainMissing(path) {
      if (service === undefined) return OFF;
      return NOT_OFFERED.test(path) ? 'The gateway does not offer this route of codex-bridge.' : undefined;
    },
    routes: service === undefined ? [] : sessionRoutes(service, options),
  };
}

function sessionRoutes(service: SessionService, options: SessionRoutesOptions): Route[] {
  const routes = [
    ...listRoutes(service),
    ...chatRoutes(service),
    ...turnRoutes(service),
    ...changeRoutes(service),
    ...runtimeRoutes(service),
    streamRoute(service, options),
  ];
  const description: Route = descriptionRoute('/openapi.json', async () => {
    const { describeApi } = await import('../../sessions/openapi/describe-api.ts');
    return describeApi([...routes, description]);
  });
  return [...routes, description];
}

function resolvePath(path: string): ResolvedPath | undefined {
  const plain = `/${path
    .split('/')
    .filter((part) => part !== '')
    .join('/')}`;
  return PATHS.test(plain) ? { path: plain } : undefined;
}

function streamRoute({ sessions }: SessionService, options: SessionRoutesOptions): Route {
  const stream: Middleware = async (ctx) => {
    const session = await sessions.find(paramOf(ctx, 'id'), ownerOf(ctx));
    await sendStream(ctx, {
      stream: streamSession(session, ctx),
      keepAlive: options.keepAlive,
      stallLimitMs: options.stallLimitMs,
      headers: () => ({}),
      onError: ctx.state.record.fail,
    });
  };
  return { method: 'get', path: '/chat/sessions/:id/stream', handlers: [stream] };
}
