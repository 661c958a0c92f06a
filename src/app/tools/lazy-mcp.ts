import { encodeProblem } from '../../http/tools/encode-problem.ts';
import type { McpEndpoint } from '../../tools/mcp/mcp-endpoint.ts';
import type { ToolService } from '../../tools/tool-service.ts';
import { VERSION } from '../config/version.ts';

/** Creates the endpoint of the Model Context Protocol, whose code is loaded with its first request. */
export function createLazyMcp(service: ToolService): McpEndpoint {
  let opened: Promise<McpEndpoint> | undefined;
  async function open(): Promise<McpEndpoint> {
    const { createMcpEndpoint } = await import('../../tools/mcp/mcp-endpoint.ts');
    const describeError = (error: unknown) => encodeProblem(error).body;
    return createMcpEndpoint({ service, version: VERSION, describeError });
  }
  return {
    handle: async (exchange) => await (await (opened ??= open())).handle(exchange),
    endSessionsOf: async (callerId, error) => await (await opened)?.endSessionsOf(callerId, error),
    leave: () => void opened?.then((mcp) => mcp.leave()),
    close: async () => await (await opened)?.close(),
  };
}
