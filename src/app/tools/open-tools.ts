import { createRepoHygiene } from '../../tools/hygiene/repo-hygiene.ts';
import type { McpEndpoint } from '../../tools/mcp/mcp-endpoint.ts';
import { createToolService, type ToolService } from '../../tools/tool-service.ts';
import type { ToolSettings } from '../config/tool-settings.ts';
import { VERSION } from '../config/version.ts';

export interface OpenedTools {
  readonly service: ToolService;
  readonly mcp: McpEndpoint;
  close(): Promise<void>;
}

/** Opens the internal tools. The code of the Model Context Protocol is loaded with its first request. */
export async function openTools(_settings: ToolSettings): Promise<OpenedTools> {
  const service = createToolService({ tools: [createRepoHygiene()] });
  let opened: Promise<McpEndpoint> | undefined;
  async function open(): Promise<McpEndpoint> {
    const { createMcpEndpoint } = await import('../../tools/mcp/mcp-endpoint.ts');
    return createMcpEndpoint(service, VERSION);
  }
  async function close(): Promise<void> {
    await (await opened)?.close();
  }
  return {
    service,
    mcp: { handle: async (...args) => await (await (opened ??= open())).handle(...args), close },
    close,
  };
}
