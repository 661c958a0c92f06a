import { ClientGoneError, GatewayError } from '../../base/errors.ts';
import { encodeError } from '../../openai/vocabulary/error-body.ts';
import type { CopilotAdapter } from '../../upstream/copilot/adapter.ts';
import type { IncomingRequest } from '../../upstream/copilot/request/prepare-request.ts';
import { sendBytes, type ByteAnswer } from '../edge/send-bytes.ts';
import type { Context, Middleware, RequestState } from '../requests/context.ts';
import { limitCallers } from '../requests/limit-callers.ts';
import type { RouteGroup } from '../routing/route-group.ts';

export interface CopilotRoutesOptions {
  readonly copilot: CopilotAdapter;
  /** Maximum bytes of a request body. */
  readonly bodyLimitBytes: number;
  /** Maximum number of requests of one token that are answered at once. */
  readonly perToken: number;
  /** Time for which a client may read nothing. */
  readonly stallLimitMs: number;
  /** True if there are no other routes: these are then found without `/copilot`, too. */
  readonly isAlone?: boolean;
}

const RESPONSES = '/v1/responses';
const MODELS = '/v1/models';
const HEALTH = '/health';
const PATHS = [RESPONSES, MODELS, HEALTH] as const;
/** A path without a route. */
const NOWHERE = '/';

/** Matches the name of a model that the log can show. */
const PLAIN_NAME = /^[\w.:/-]{1,64}$/;

/** Matches the prefix of the routes. */
const PREFIX = /^\/copilot(?=\/|$)/i;

/** The answer to every other path, word for word that of the first adapter. */
const NOT_FOUND = {
  error: 'not_found',
  message: 'Supported endpoints: GET /health, GET /v1/models, POST /v1/responses.',
};

/** Creates the routes of the Copilot adapter, which change nothing of a request or an answer. */
export function createCopilotRoutes(options: CopilotRoutesOptions): RouteGroup {
  const { copilot, bodyLimitBytes, perToken, isAlone = false } = options;
  const prefixes = isAlone ? ['/copilot', ''] : ['/copilot'];
  // Paths are taken literally, unlike those of OpenAI's API: no other spelling leads to a route.
  const routes = new Map(prefixes.flatMap((prefix) => PATHS.map((path) => [`${prefix}${path}`, path])));
  return {
    name: 'copilot',
    scope: 'copilot',
    resolve: (path) => (isAlone || PREFIX.test(path) ? { path: routes.get(path) ?? NOWHERE } : undefined),
    encodeError: encodeOwnError,
    around: follow(copilot),
    tokenHeaders: 'any',
    requestIdHeader: 'x-codex-gateway-request-id',
    routes: [
      { method: 'get', path: HEALTH, isPublic: true, handlers: [showHealth(copilot)] },
      { method: 'get', path: MODELS, handlers: [listModels(copilot)] },
      {
        method: 'post',
        path: RESPONSES,
        body: 'raw',
        bodyLimitBytes,
        handlers: [limitCallers(perToken), respond(options)],
      },
    ],
  };
}

const encodeOwnError: RequestState['encodeError'] = (error) => {
  const encoded = encodeError(error);
  const isNotFound = error instanceof GatewayError && error.code === 'unknown_url';
  return isNotFound ? { ...encoded, body: NOT_FOUND } : encoded;
};

/** Follows every request but those for the health, which come again and again. */
function follow(copilot: CopilotAdapter): Middleware {
  return async (ctx, next) => {
    const { path, method, headers } = ctx;
    if (path === HEALTH && method === 'GET') return await next();
    const { requestId, signal } = ctx.state;
    const diagnostics = await copilot.openDiagnostics(requestId);
    ctx.state.diagnostics = diagnostics;
    const inbound = { method, target: TARGETS[path], headers, bodyBytes: ctx.request.length };
    // A request that gets through has its body there.
    if (path !== RESPONSES || method !== 'POST') diagnostics.inbound(inbound);
    try {
      await next();
    } catch (error) {
      diagnostics.inbound(inbound);
      diagnostics.failed(error, signal);
      throw error;
    }
  };
}

const TARGETS: Readonly<Record<string, 'Models' | 'Responses'>> = {
  [RESPONSES]: 'Responses',
  [MODELS]: 'Models',
};

function showHealth(copilot: CopilotAdapter): Middleware {
  return async (ctx) => {
    ctx.body = {
      ok: true,
      service: 'codex-gateway',
      upstreamResponsesUrl: await copilot.knownUrl('responses'),
      upstreamModelsUrl: await copilot.knownUrl('models'),
    };
  };
}

function listModels(copilot: CopilotAdapter): Middleware {
  return async (ctx) => {
    const { signal, foreignAuthorization } = ctx.state;
    ctx.body = await copilot.listModels(signal, foreignAuthorization);
  };
}

function respond({ copilot, stallLimitMs }: CopilotRoutesOptions): Middleware {
  return async (ctx) => {
    const { signal, record } = ctx.state;
    const answer = await copilot.respond(takeRequest(ctx), signal);
    const explain = (error: unknown) =>
      error instanceof ClientGoneError ? error : answer.explainBreak(error);
    // The id of the other server comes down instead, if it has one.
    ctx.remove('x-request-id');
    try {
      await sendBytes(
        ctx.res,
        { ...answer, headers: withOwnSharing(answer.headers, ctx) },
        {
          signal,
          stallLimitMs,
          onFirst: record.noteFirst,
          onError: (error) => record.fail(explain(error)),
        },
      );
    } catch (error) {
      throw explain(error);
    }
    ctx.respond = false;
  };
}

/**
 * Returns the headers of an answer with the gateway's own decision about which pages may read it, in place of the other
 * server's.
 */
function withOwnSharing(headers: ByteAnswer['headers'], ctx: Context): ByteAnswer['headers'] {
  const kept = Object.entries(headers).filter(([name]) => !name.startsWith('access-control-'));
  const vary = [headers.vary ?? [], ctx.res.getHeader('vary') ?? []].flat();
  return { ...Object.fromEntries(kept), ...(vary.length > 0 && { vary: vary.join(', ') }) };
}

/** Returns the request for the adapter. The context does not keep its bytes while the answer comes. */
function takeRequest(ctx: Context): IncomingRequest {
  const { bytes: body = Buffer.alloc(0) } = ctx.request;
  delete ctx.request.bytes;
  const { foreignAuthorization: authorization, record, diagnostics } = ctx.state;
  return {
    headers: ctx.headers,
    body,
    authorization,
    diagnostics,
    onModel(model) {
      record.noteAsked(model);
      // It is the caller's text.
      if (PLAIN_NAME.test(model)) record.note({ model });
    },
  };
}
