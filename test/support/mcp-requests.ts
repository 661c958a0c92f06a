const ACCEPT = 'application/json, text/event-stream';

/** The first message of a client of the older protocol. */
export const INITIALIZE = {
  jsonrpc: '2.0',
  id: 0,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
};

export interface McpRequestOptions {
  readonly method?: string;
  readonly body?: unknown;
  readonly token?: string;
  readonly session?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** Sends a request to `/mcp` as a client would; the options change parts of it. */
export async function mcpFetch(
  origin: string,
  { method = 'POST', body, token = 'all', session, headers, signal }: McpRequestOptions,
): Promise<Response> {
  return await fetch(`${origin}/mcp`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      accept: ACCEPT,
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(session !== undefined && { 'mcp-session-id': session, 'mcp-protocol-version': '2025-11-25' }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    ...(signal && { signal }),
  });
}

/** Begins a session and returns its id. */
export async function beginMcpSession(origin: string, token = 'all'): Promise<string> {
  const response = await mcpFetch(origin, { body: INITIALIZE, token });
  await response.text();
  return response.headers.get('mcp-session-id') ?? `refused with ${response.status}`;
}

/** Returns the request that calls a tool. */
export function toolCall(name: string, given: object, id = 1) {
  return { jsonrpc: '2.0', id, method: 'tools/call', params: { name, arguments: given } };
}

/** Returns a request of 2026-07-28 that calls a tool, by a client that can ask a person. */
export function modernCall(name: string, given: object, answer: object = {}): McpRequestOptions {
  const meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
    'io.modelcontextprotocol/clientCapabilities': { elicitation: { form: {} } },
  };
  const { params, ...call } = toolCall(name, given);
  return {
    headers: { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/call', 'mcp-name': name },
    body: { ...call, params: { ...params, ...answer, _meta: meta } },
  };
}
