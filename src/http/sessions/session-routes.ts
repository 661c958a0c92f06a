import { GatewayError } from '../../base/errors.ts';
import { isJsonObject } from '../../base/json.ts';
import { describeSession } from '../../sessions/describe-session.ts';
import type { Sessions } from '../../sessions/sessions.ts';
import { sendStream, type StreamOptions } from '../edge/send-stream.ts';
import type { Context, Middleware } from '../requests/context.ts';
import type { ResolvedPath, Route, RouteGroup } from '../routing/route-group.ts';
import { encodeSessionError } from './encode-session-error.ts';
import { streamEvents, streamSnapshots } from './stream-session.ts';

export interface SessionRoutesOptions extends Pick<StreamOptions, 'keepAlive' | 'stallLimitMs'> {
  /** Undefined if nobody has named a folder for sessions. */
  readonly sessions?: Sessions | undefined;
}

/** Matches the paths of agent sessions; `/chat/completions` is one of OpenAI's API. */
const PATHS = /^\/(?:auth\/(?:device|status)|chat\/sessions(?:\/.*)?|health|runtime(?:\/.*)?)$/;

/** Creates the routes of agent sessions. */
export function createSessionRoutes(options: SessionRoutesOptions): RouteGroup {
  const { sessions } = options;
  return {
    name: 'sessions',
    scope: 'sessions',
    resolve: resolvePath,
    encodeError: encodeSessionError,
    explainMissing: () =>
      sessions === undefined
        ? 'Agent sessions are off: name a folder for them in "sessions": {"roots": [...]} of the config file, or by --workspace.'
        : undefined,
    routes: sessions === undefined ? [] : sessionRoutes(sessions, options),
  };
}

function resolvePath(path: string): ResolvedPath | undefined {
  const plain = `/${path
    .split('/')
    .filter((part) => part !== '')
    .join('/')}`;
  return PATHS.test(plain) ? { path: plain } : undefined;
}

function sessionRoutes(sessions: Sessions, options: SessionRoutesOptions): Route[] {
  const find = (ctx: Context) => sessions.find(paramOf(ctx, 'id'), ctx.state.caller?.id ?? '');
  const create: Middleware = async (ctx) => {
    const session = await sessions.create({ owner: ctx.state.caller?.id ?? '' });
    ctx.status = 201;
    ctx.body = { ok: true, session: describeSession(session) };
  };
  const show: Middleware = async (ctx) => {
    ctx.body = { ok: true, session: describeSession(await find(ctx)) };
  };
  const send: Middleware = async (ctx) => {
    const session = await find(ctx);
    const { message } = bodyOf(ctx);
    if (typeof message !== 'string' || message === '')
      throw new GatewayError('missing_parameter', 'Message or attachment is required');
    const { queuePosition } = await session.send({ text: message });
    const queued = queuePosition > 0;
    ctx.status = 202;
    ctx.body = { ok: true, queued, bridge_load: sessions.load(), session: describeSession(session) };
  };
  const approve: Middleware = async (ctx) => {
    const session = await find(ctx);
    const { decision, request_id: requestId } = bodyOf(ctx);
    await session.answer(typeof requestId === 'string' ? requestId : undefined, {
      decision: decision === 'allow' ? 'allow' : 'deny',
    });
    ctx.status = 202;
    ctx.body = { ok: true, session: describeSession(session) };
  };
  const stream: Middleware = async (ctx) => {
    const session = await find(ctx);
    const open = ctx.query.events === 'delta' ? streamEvents : streamSnapshots;
    await sendStream(ctx, {
      stream: open(session, ctx.state.signal),
      keepAlive: options.keepAlive,
      stallLimitMs: options.stallLimitMs,
      headers: () => ({}),
      onError: ctx.state.record.fail,
    });
  };
  return [
    { method: 'post', path: '/chat/sessions', body: 'parsed', handlers: [create] },
    { method: 'get', path: '/chat/sessions/:id', handlers: [show] },
    { method: 'get', path: '/chat/sessions/:id/stream', handlers: [stream] },
    { method: 'post', path: '/chat/sessions/:id/messages', body: 'parsed', handlers: [send] },
    { method: 'post', path: '/chat/sessions/:id/approvals', body: 'parsed', handlers: [approve] },
  ];
}

function bodyOf(ctx: Context): Readonly<Record<string, unknown>> {
  return isJsonObject(ctx.request.body) ? ctx.request.body : {};
}

function paramOf(ctx: Context, name: string): string {
  return (ctx as Context & { readonly params: Readonly<Record<string, string>> }).params[name] ?? '';
}
