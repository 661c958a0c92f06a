import { Client, StreamableHTTPClientTransport, type ClientCapabilities } from '@modelcontextprotocol/client';
import { onTestFinished } from 'vitest';
import { parseJsonBody } from '../../src/app/worker/parse-json-body.ts';
import { createBaseApp } from '../../src/http/base-app.ts';
import { createByteBudget } from '../../src/http/body/byte-budget.ts';
import { createMcpRoutes } from '../../src/http/mcp/mcp-routes.ts';
import { createActiveRequests } from '../../src/http/requests/active-requests.ts';
import { serveGroups } from '../../src/http/routing/serve-groups.ts';
import type { TokenChecks } from '../../src/http/requests/token-checks.ts';
import { encodeProblem } from '../../src/http/tools/encode-problem.ts';
import { createToolRoutes } from '../../src/http/tools/tool-routes.ts';
import { createRepoHygiene } from '../../src/tools/hygiene/repo-hygiene.ts';
import { createMcpEndpoint, type McpEndpointOptions } from '../../src/tools/mcp/mcp-endpoint.ts';
import type { MissingTool } from '../../src/tools/tool-service.ts';
import type { AnyTool } from '../../src/tools/tool.ts';
import { fixedTokens } from './fixed-tokens.ts';
import { createMemoryLog } from './memory-log.ts';
import { openTestTools } from './open-test-tools.ts';
import { startHttpServer } from './start-http-server.ts';

export interface ServeToolsOptions {
  readonly tools?: readonly AnyTool[];
  readonly missing?: readonly MissingTool[];
  /** Bounds and times of the sessions of the Model Context Protocol. */
  readonly limits?: Partial<McpEndpointOptions>;
  readonly stallLimitMs?: number;
  /** Rejects for a token that does not hold any more. */
  readonly check?: TokenChecks['check'];
}

/** Serves the internal tools without Codex; tokens are `all`, `tools` and `openai`. */
export async function serveTools({
  tools = [createRepoHygiene()],
  missing = [],
  limits = {},
  stallLimitMs = 60_000,
  check,
}: ServeToolsOptions = {}) {
  const { service, audit } = await openTestTools({ tools, missing });
  const describeError = (error: unknown) => encodeProblem(error).body;
  const mcp = createMcpEndpoint({ service, version: '1.2.3', describeError, ...limits });
  onTestFinished(mcp.close);
  const log = createMemoryLog();
  const tokens = {
    ...fixedTokens({
      all: 'all',
      tools: { name: 'tools', scopes: ['tools'] },
      openai: { name: 'openai', scopes: ['openai'] },
    }),
    ...(check && { check, enter: check }),
  };
  const app = createBaseApp({
    active: createActiveRequests(),
    observer: log,
    stallLimitMs,
    tokens,
  });
  app.use(
    serveGroups([createToolRoutes(service), createMcpRoutes({ mcp, tokens, stallLimitMs })], {
      tokens,
      command: 'codex-gateway',
      bodyLimitBytes: 1_000_000,
      bodyBudget: createByteBudget(4_000_000),
      parseBody: async (body) => parseJsonBody(body),
    }),
  );
  const { origin } = await startHttpServer(app.callback());

  return {
    origin,
    log,
    audit,
    mcp,
    /** Calls a tool by its path below `/tools/v1`. */
    async post(path: string, body: object, token = 'all') {
      const response = await fetch(`${origin}/tools/v1${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      // oxlint-disable-next-line typescript/no-explicit-any
      const answer = (await response.json()) as any;
      return { status: response.status, headers: response.headers, body: answer };
    },
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
