import {
  createMcpHandler,
  isLegacyRequest,
  WebStandardStreamableHTTPServerTransport,
} from '@modelcontextprotocol/server';
import { createId } from '../../base/ids.ts';
import type { ToolService } from '../tool-service.ts';
import type { ToolCaller } from '../tool.ts';
import { createToolServer } from './mcp-server.ts';

/** The Model Context Protocol over streamable HTTP. */
export interface McpEndpoint {
  /** @param body The body of the request, parsed. */
  handle(request: Request, body: unknown, caller: ToolCaller): Promise<Response>;
  close(): Promise<void>;
}

interface McpSession {
  readonly transport: WebStandardStreamableHTTPServerTransport;
  /** Id of the key that has begun it; no other may use it. */
  readonly caller: string;
}

/** Serves clients of the older protocol in sessions, and those of 2026-07-28 request by request. */
export function createMcpEndpoint(service: ToolService, version: string): McpEndpoint {
  const sessions = new Map<string, McpSession>();
  const callerOf = (extra: Record<string, unknown> | undefined) => extra!.caller as ToolCaller;
  const modern = createMcpHandler(
    ({ authInfo }) => createToolServer({ service, caller: callerOf(authInfo?.extra), version }),
    { legacy: 'reject' },
  );

  async function begin(caller: ToolCaller): Promise<WebStandardStreamableHTTPServerTransport> {
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: () => createId('mcp_'),
      onsessioninitialized: (id) => void sessions.set(id, { transport, caller: caller.id }),
      onsessionclosed: (id) => void sessions.delete(id),
    });
    await createToolServer({ service, caller, version }).connect(transport);
    return transport;
  }

  return {
    async handle(request, body, caller) {
      const authInfo = { token: '', clientId: caller.id, scopes: [], extra: { caller } };
      if (!(await isLegacyRequest(request, body)))
        return await modern.fetch(request, { parsedBody: body, authInfo });
      const id = request.headers.get('mcp-session-id');
      const session = id === null ? undefined : sessions.get(id);
      const known = session?.caller === caller.id ? session.transport : undefined;
      const transport = known ?? (await begin(caller));
      return await transport.handleRequest(request, { parsedBody: body, authInfo });
    },
    async close() {
      await modern.close();
      await Promise.all([...sessions.values()].map(({ transport }) => transport.close()));
    },
  };
}
