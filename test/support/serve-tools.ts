import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { onTestFinished } from 'vitest';
import { parseJsonBody } from '../../src/app/worker/parse-json-body.ts';
import { createBaseApp } from '../../src/http/base-app.ts';
import { createByteBudget } from '../../src/http/body/byte-budget.ts';
import { createMcpRoutes } from '../../src/http/mcp/mcp-routes.ts';
import { createActiveRequests } from '../../src/http/requests/active-requests.ts';
import { serveGroups } from '../../src/http/routing/serve-groups.ts';
import { createToolRoutes } from '../../src/http/tools/tool-routes.ts';
import { createRepoHygiene } from '../../src/tools/hygiene/repo-hygiene.ts';
import { createMcpEndpoint } from '../../src/tools/mcp/mcp-endpoint.ts';
import type { AnyTool } from '../../src/tools/tool.ts';
import { fixedTokens } from './fixed-tokens.ts';
import { createMemoryLog } from './memory-log.ts';
import { openTestTools } from './open-test-tools.ts';
import { startHttpServer } from './start-http-server.ts';

export interface ServeToolsOptions {
  readonly tools?: readonly AnyTool[];
}

/** Serves the internal tools without Codex; tokens are `all`, `tools` and `openai`. */
export async function serveTools({ tools = [createRepoHygiene()] }: ServeToolsOptions = {}) {
  const { service, audit } = await openTestTools({ tools });
  const mcp = createMcpEndpoint(service, '1.2.3');
  onTestFinished(mcp.close);
  const log = createMemoryLog();
  const tokens = fixedTokens({
    all: 'all',
    tools: { name: 'tools', scopes: ['tools'] },
    openai: { name: 'openai', scopes: ['openai'] },
  });
  const app = createBaseApp({
    active: createActiveRequests(),
    observer: log,
    stallLimitMs: 60_000,
    tokens,
  });
  app.use(
    serveGroups([createToolRoutes(service), createMcpRoutes(mcp)], {
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
    /** Connects a client of the SDK; `pin` speaks the protocol of 2026-07-28. */
    async connect(mode: 'auto' | 'legacy' = 'legacy', token = 'all') {
      const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode } });
      const requestInit = { headers: { authorization: `Bearer ${token}` } };
      await client.connect(new StreamableHTTPClientTransport(new URL(`${origin}/mcp`), { requestInit }));
      onTestFinished(() => client.close());
      return client;
    },
  };
}
