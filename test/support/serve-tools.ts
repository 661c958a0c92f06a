import { Client, StreamableHTTPClientTransport, type ClientCapabilities } from '@modelcontextprotocol/client';
import { onTestFinished } from 'vitest';
import { reportFailedCalls } from '../../src/app/tools/report-failed-calls.ts';
import { parseJsonBody } from '../../src/app/worker/parse-json-body.ts';
import { createBaseApp } from '../../src/http/base-app.ts';
import { createByteBudget } from '../../src/http/body/byte-budget.ts';
import { createMcpRoutes } from '../../src/http/mcp/mcp-routes.ts';
import { createActiveRequests } from '../../src/http/requests/active-requests.ts';
import type { TokenChecks } from '../../src/http/requests/token-checks.ts';
import { serveGroups, surfacesOf } from '../../src/http/routing/serve-groups.ts';
import { encodeProblem } from '../../src/http/tools/encode-problem.ts';
import { createItaRoutes } from '../../src/http/tools/ita-routes.ts';
import { createToolRoutes } from '../../src/http/tools/tool-routes.ts';
import { createRepoHygiene } from '../../src/tools/hygiene/repo-hygiene.ts';
import { createMcpEndpoint, type McpEndpointOptions } from '../../src/tools/mcp/mcp-endpoint.ts';
import type { ToolServiceOptions } from '../../src/tools/tool-service.ts';
import { fixedTokens } from './fixed-tokens.ts';
import { createMemoryLog } from './memory-log.ts';
import { openTestTools } from './open-test-tools.ts';
import { startHttpServer } from './start-http-server.ts';

export interface ServeToolsOptions extends Partial<ToolServiceOptions> {
  readonly bodyLimitBytes?: number;
  /** Bounds and times of the sessions of the Model Context Protocol. */
  readonly limits?: Partial<McpEndpointOptions>;
  readonly stallLimitMs?: number;
  /** Rejects for a token that does not hold any more. */
  readonly check?: TokenChecks['check'];
  /** True to add a token to every request, for clients that can send none. */
  readonly addsToken?: boolean;
}

export interface ToolAsk {
  readonly method?: string;
  /** Sent as JSON unless it is a text. */
  readonly body?: object | string;
  /** The token, or '' for none. */
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Serves the internal tools without Codex; tokens are `all`, `tools` and `openai`. */
export async function serveTools(options: ServeToolsOptions = {}) {
  const { tools = [createRepoHygiene()], bodyLimitBytes = 1_000_000 } = options;
  const { limits = {}, stallLimitMs = 60_000, check, addsToken = false, ...serviceOptions } = options;
  const log = createMemoryLog();
  const { service, audit } = await openTestTools({
    onFailed: reportFailedCalls(log),
    ...serviceOptions,
    tools,
  });
  const describeError = (error: unknown) => encodeProblem(error).body;
  const mcp = createMcpEndpoint({ service, version: '1.2.3', describeError, ...limits });
  onTestFinished(mcp.close);
  const tokens = {
    ...fixedTokens({
      all: 'all',
      tools: { name: 'tools', scopes: ['tools'] },
      openai: { name: 'openai', scopes: ['openai'] },
      session: { name: 'main/1', id: 'session:1', scopes: ['tools'] },
    }),
    ...(check && { check, enter: check }),
  };
  const groups = [
    createItaRoutes(service),
    createToolRoutes(service),
    createMcpRoutes({ mcp, stallLimitMs }),
  ];
  const app = createBaseApp({
    findSurface: surfacesOf(groups),
    active: createActiveRequests(),
    observer: log,
    stallLimitMs,
    tokens,
  });
  app.use(
    serveGroups(groups, {
      tokens,
      command: 'codex-gateway',
      bodyLimitBytes,
      bodyBudget: createByteBudget(4_000_000),
      parseBody: async (body) => parseJsonBody(body),
    }),
  );
  const handle = app.callback();
  const { origin } = await startHttpServer((request, response) => {
    if (addsToken) request.headers.authorization ??= 'Bearer all';
    return handle(request, response);
  });

  async function ask(path: string, { token = 'all', body, ...init }: ToolAsk = {}) {
    const response = await fetch(`${origin}${path}`, {
      method: init.method ?? (body === undefined ? 'GET' : 'POST'),
      headers: {
        ...(token !== '' && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...init.headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    // oxlint-disable-next-line typescript/no-explicit-any
    const answer = (await response.json()) as any;
    return { status: response.status, headers: response.headers, body: answer };
  }

  return {
    origin,
    ask,
    log,
    audit,
    mcp,
    /** Calls a tool by its path below `/tools/v1`. */
    post: (path: string, body: object, token = 'all') => ask(`/tools/v1${path}`, { body, token }),
    /** Connects a client of the SDK; `auto` speaks the protocol of 2026-07-28. */
    async connect(mode: 'auto' | 'legacy' = 'legacy', options: ConnectOptions = {}) {
      const { token = 'all', name = 'test', capabilities = {}, prepare, withoutStream = false } = options;
      const client = new Client({ name, version: '1' }, { versionNegotiation: { mode }, capabilities });
      prepare?.(client);
      const transport = new StreamableHTTPClientTransport(new URL(`${origin}/mcp`), {
        requestInit: { headers: { authorization: `Bearer ${token}` } },
        fetch: async (url, init) =>
          withoutStream && init?.method === 'GET'
            ? new Response(null, { status: 405 })
            : await fetch(url, init),
      });
      await client.connect(transport);
      onTestFinished(() => client.close());
      return client;
    },
  };
}

export interface ConnectOptions {
  readonly token?: string;
  readonly name?: string;
  readonly capabilities?: ClientCapabilities;
  /** Called before the client connects. */
  prepare?(client: Client): void;
  /** True for a client that does not listen on a stream of its own. */
  readonly withoutStream?: boolean;
}
