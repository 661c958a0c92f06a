import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/server';
import type { McpAnswer, McpExchange } from './mcp-exchange.ts';
import { isRecord } from './mcp-exchange.ts';
import { createMcpSession, type McpSession, type McpSessionOptions } from './mcp-session.ts';
import type { SessionTable } from './session-table.ts';

export interface SessionRequestsOptions {
  readonly table: SessionTable;
  readonly session: Omit<McpSessionOptions, 'caller' | 'onEnd'>;
}

/** Returns a function that answers requests of clients that have sessions. */
export function answerInSessions({ table, session: parts }: SessionRequestsOptions) {
  async function begin({ request, body, caller }: McpExchange): Promise<McpAnswer> {
    table.makeRoom(caller.id);
    const session = createMcpSession({ ...parts, caller, onEnd: table.remove });
    table.add(session);
    const answer = await answerIn(session, request, body);
    if (!session.hasBegun) await session.end();
    return answer;
  }

  return async (exchange: McpExchange): Promise<McpAnswer> => {
    const { request, body, caller } = exchange;
    const id = request.headers.get('mcp-session-id');
    if (id === null) return isInitialize(body) ? await begin(exchange) : await refuse(request, body);
    const session = table.find(id, caller.id);
    if (session === undefined) return { response: sessionNotFound(), release: () => {} };
    return await answerIn(session, request, body);
  };
}

async function answerIn(session: McpSession, request: Request, body: unknown): Promise<McpAnswer> {
  const release = session.hold();
  try {
    return { response: await session.handle(request, body), release };
  } catch (error) {
    release();
    throw error;
  }
}

function isInitialize(body: unknown): boolean {
  const messages: unknown[] = Array.isArray(body) ? body : [body];
  return messages.some((message) => isRecord(message) && message.method === 'initialize');
}

/** Answers a request that needs a session and names none, in the words of the protocol's own server. */
async function refuse(request: Request, body: unknown): Promise<McpAnswer> {
  const transport = new WebStandardStreamableHTTPServerTransport({ sessionIdGenerator: () => '' });
  return { response: await transport.handleRequest(request, { parsedBody: body }), release: () => {} };
}

function sessionNotFound(): Response {
  const error = { code: -32_001, message: 'Session not found' };
  return Response.json({ jsonrpc: '2.0', error, id: null }, { status: 404 });
}
