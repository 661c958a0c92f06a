import { Server, type CallToolResult, type ServerContext } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { GatewayError } from '../../base/errors.ts';
import { createId } from '../../base/ids.ts';
import type { JsonObject } from '../../base/json.ts';
import type { PreparedCall, ToolService } from '../tool-service.ts';
import type { AnyTool, Assistant, ToolCaller } from '../tool.ts';

export interface McpServerOptions {
  readonly service: ToolService;
  readonly caller: ToolCaller;
  readonly version: string;
}

/** Creates a server of the Model Context Protocol that offers the tools to one client. */
export function createToolServer({ service, caller, version }: McpServerOptions): Server {
  const server = new Server({ name: 'codex-gateway', version }, { capabilities: { tools: {} } });
  server.setRequestHandler('tools/list', () => ({ tools: service.tools.map(describeTool) }));
  server.setRequestHandler('tools/call', async ({ params }, context) => {
    const tool = service.tools.find(({ name }) => mcpName(name) === params.name);
    try {
      if (tool === undefined) throw new GatewayError('unknown_url', `There is no tool ${params.name}.`);
      const call = await service.prepare({
        tool,
        arguments: params.arguments,
        caller,
        assistant: assistantOf(server),
        requestId: createId('req_'),
        signal: context.mcpReq.signal,
      });
      return answer(await call.run(await isConfirmed(call, server, context)));
    } catch (error) {
      return refusal(error);
    }
  });
  return server;
}

/** Returns the name of a tool for clients, which refuse dots. */
function mcpName(name: string): string {
  return name.replaceAll(/[.-]/g, '_');
}

function describeTool({ name, title, description, annotations, input, output }: AnyTool) {
  return {
    name: mcpName(name),
    title,
    description,
    annotations,
    inputSchema: z.toJSONSchema(input, { io: 'input' }) as { type: 'object' },
    outputSchema: z.toJSONSchema(output, { io: 'output' }) as { type: 'object' },
  };
}

function assistantOf(server: Server): Assistant {
  const name = server.getClientVersion()?.name ?? '';
  if (/^codex/i.test(name)) return 'codex';
  return /copilot/i.test(name) ? 'copilot' : 'script';
}

async function isConfirmed(call: PreparedCall, server: Server, context: ServerContext): Promise<boolean> {
  if (call.question === undefined) return true;
  if (server.getClientCapabilities()?.elicitation === undefined) return call.isConfirmed;
  const { action, content } = await context.mcpReq.elicitInput({
    message: call.question,
    requestedSchema: {
      type: 'object',
      properties: { confirm: { type: 'boolean', title: 'Do it' } },
      required: ['confirm'],
    },
  });
  return action === 'accept' && content?.confirm === true;
}

function answer(output: JsonObject): CallToolResult {
  return { content: [{ type: 'text', text: JSON.stringify(output) }], structuredContent: output };
}

function refusal(error: unknown): CallToolResult {
  const text = error instanceof GatewayError ? error.message : 'The tool failed.';
  return { content: [{ type: 'text', text }], isError: true };
}
