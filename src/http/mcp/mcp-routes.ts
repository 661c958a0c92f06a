import { Readable } from 'node:stream';
import type { McpEndpoint } from '../../tools/mcp/mcp-endpoint.ts';
import type { McpAnswer } from '../../tools/mcp/mcp-exchange.ts';
import { sendBytes } from '../edge/send-bytes.ts';
import type { Context, Middleware } from '../requests/context.ts';
import { limitCallers } from '../requests/limit-callers.ts';
import type { RouteGroup } from '../routing/route-group.ts';
import { callerOf } from '../tools/call-tool.ts';
import { encodeRpcError } from './encode-rpc-error.ts';

export interface McpRoutesOptions {
  readonly mcp: McpEndpoint;
  /** Time for which a client may read nothing. */
  readonly stallLimitMs: number;
}

const PATH = '/mcp';

/** Maximum number of requests of one token that are answered at once, streams included. */
const MAX_OPEN = 300;

/** Creates the route of the Model Context Protocol, `/mcp`. */
export function createMcpRoutes(options: McpRoutesOptions): RouteGroup {
  const limit = limitCallers(MAX_OPEN);
  const handle = answer(options);
  return {
    name: 'mcp',
    scope: 'tools',
    resolve: (path) => (path === PATH ? { path } : undefined),
    encodeError: encodeRpcError,
    encodesEarlyErrors: true,
    takesRequestId: true,
    onLost: options.mcp.endSessionsOf,
    routes: [
      { method: 'post', path: PATH, body: 'parsed', handlers: [limit, handle] },
      { method: 'get', path: PATH, handlers: [limit, handle] },
      { method: 'delete', path: PATH, handlers: [limit, handle] },
    ],
  };
}

function answer({ mcp, stallLimitMs }: McpRoutesOptions): Middleware {
  return async (ctx) => {
    const { record, signal } = ctx.state;
    const caller = callerOf(ctx);
    const { promise: closed, resolve } = Promise.withResolvers<void>();
    ctx.res.once('close', resolve);
    const given = await mcp.handle({ request: webRequest(ctx, signal), body: ctx.request.body, caller });
    void closed.then(given.release);
    // A client that was sent away in the middle of its call learns why.
    if (given.response.status === CUT_OFF) signal.throwIfAborted();
    await send(ctx, given, { signal, stallLimitMs, onFirst: record.noteFirst, onError: record.fail });
  };
}

/** Status of the SDK for a request whose signal aborted before the answer. */
const CUT_OFF = 499;

async function send(
  ctx: Context,
  { response }: McpAnswer,
  options: Parameters<typeof sendBytes>[2],
): Promise<void> {
  ctx.status = response.status;
  const headers = Object.fromEntries(response.headers);
  // The connection is the gateway's own matter.
  delete headers.connection;
  if (headers['content-type'] !== 'text/event-stream' || response.body === null) {
    ctx.set(headers);
    const text = await response.text();
    ctx.body = text === '' ? null : withoutInternals(text);
    ctx.status = response.status;
    return;
  }
  const body = Readable.fromWeb(response.body);
  await sendBytes(ctx.res, { status: response.status, headers, body }, options);
  ctx.respond = false;
}

/** Removes what the SDK says about a failure of its own. */
function withoutInternals(text: string): string {
  if (!text.includes(PARSE_ERROR)) return text;
  const answer = JSON.parse(text) as { error?: { data?: unknown } };
  delete answer.error?.data;
  return JSON.stringify(answer);
}

const PARSE_ERROR = '"code":-32700';

/** Matches headers that the protocol reads. No token gets that far. */
const READ_HEADERS = /^(?:accept|content-type|last-event-id|mcp-.*)$/;

/** Returns the request as the SDK reads it; its body is parsed already. */
function webRequest(ctx: Context, signal: AbortSignal): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(ctx.req.headers)) {
    if (READ_HEADERS.test(name) && value !== undefined) headers.set(name, String(value));
  }
  return new Request(`http://localhost${PATH}`, { method: ctx.method, headers, signal });
}
