import {
  CLIENT_INFO_META_KEY,
  ProtocolError,
  ProtocolErrorCode,
  Server,
  type CallToolResult,
  type Implementation,
  type InputRequiredResult,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { didYouMean } from '../../base/closest.ts';
import { GatewayError } from '../../base/errors.ts';
import { excerpt } from '../../base/excerpt.ts';
import { createId } from '../../base/ids.ts';
import type { JsonObject } from '../../base/json.ts';
import { refusing } from '../refusals.ts';
import type { ToolService } from '../tool-service.ts';
import type { AnyTool, ToolCaller } from '../tool.ts';
import { assistantOf, readCodexCall, takeIdempotencyKey } from './call-facts.ts';
import { confirmCall } from './confirm-call.ts';
import { describeTool } from './describe-tools.ts';
import { mcpName } from './mcp-name.ts';
import type { OpenQuestions } from './open-questions.ts';
import { progressReporter } from './report-progress.ts';
import type { RunningCalls } from './running-calls.ts';

/** Parts that the servers of all clients share. */
export interface ServerParts {
  readonly service: ToolService;
  readonly version: string;
  readonly questions: OpenQuestions;
  /** Aborts when the gateway stops: no client can answer a question then. */
  readonly leaving: AbortSignal;
  /** Returns the problem details of an error, as REST would send them. */
  describeError(error: unknown): object;
}

export interface ToolServerOptions extends ServerParts {
  readonly caller: ToolCaller;
  /** True for the protocol of 2026-07-28. */
  readonly isModern: boolean;
  readonly calls: RunningCalls;
  /** Called when the client has cancelled a call, which then gets no answer. */
  onCancelled?(id: string | number): void;
}

type ToolAnswer = CallToolResult | InputRequiredResult;

/** Creates a server of the Model Context Protocol that offers the tools to one client. */
export function createToolServer(options: ToolServerOptions): Server {
  const { service, version, calls, onCancelled } = options;
  const server = new Server(
    { name: 'codex-gateway', title: 'codex-gateway', version },
    { capabilities: { tools: {} }, jsonSchemaValidator: NO_VALIDATOR },
  );
  server.setRequestHandler('tools/list', () => ({ tools: service.tools.map(describeTool) }));
  server.setRequestHandler('tools/call', async ({ params }, context): Promise<ToolAnswer> => {
    const { id, signal } = context.mcpReq;
    signal.addEventListener('abort', () => onCancelled?.(id), { once: true });
    const tool = findTool(service, params.name);
    try {
      return await calls.run(
        { id, signal },
        async (over) => await callTool(tool, params.arguments, { ...options, server, context, signal: over }),
      );
    } catch (error) {
      return refusal(options.describeError(error));
    }
  });
  return server;
}

/** The answers of clients are judged where they are used. */
const NO_VALIDATOR = {
  getValidator: () => () => {
    throw new Error('Nothing is validated here.');
  },
};

interface CallOptions extends ToolServerOptions {
  readonly server: Server;
  readonly context: ServerContext;
  readonly signal: AbortSignal;
}

async function callTool(tool: AnyTool, given: unknown, options: CallOptions): Promise<ToolAnswer> {
  const { service, caller, server, context, signal, leaving, isModern, questions } = options;
  const assistant = assistantOf(clientName(server, context));
  const codex = assistant === 'codex' ? readCodexCall(context.mcpReq._meta) : undefined;
  const { rest, key, fault } = takeIdempotencyKey(tool, given, codex);
  const call = await service.prepare({
    tool: fault === undefined ? tool : refusing(tool, fault),
    arguments: rest,
    caller,
    assistant,
    requestId: createId('req_'),
    turn: codex && codex.threadId !== '' ? codex : undefined,
    idempotencyKey: key,
    signal,
    report: progressReporter(context, signal),
  });
  const asked = { caller: caller.id, tool: tool.name, arguments: given };
  const confirmation = await confirmCall(call, {
    server,
    context,
    isModern,
    questions,
    asked,
    signal,
    leaving,
  }).catch(async (error: unknown) => {
    // A question that nobody can answer any more is a refusal, which is written down.
    await call.run(false).catch(() => {});
    throw error;
  });
  if ('ask' in confirmation) return confirmation.ask;
  const { isConfirmed, refusal: why } = confirmation;
  try {
    return answer(await call.run(isConfirmed));
  } catch (error) {
    throw why !== undefined && isUnconfirmed(error) ? notConfirmed(why) : error;
  }
}

/** Returns the name by which a client introduces itself: in each request since 2026-07-28, or else once. */
function clientName(server: Server, { mcpReq }: ServerContext): string | undefined {
  const envelope: Readonly<Record<string, unknown>> = mcpReq.envelope ?? {};
  const client = envelope[CLIENT_INFO_META_KEY] as Implementation | undefined;
  return (client ?? server.getClientVersion())?.name;
}

function isUnconfirmed(error: unknown): boolean {
  return error instanceof GatewayError && error.code === 'confirmation_required';
}

/** Explains what a person has decided: `confirm` in the arguments would change nothing about it. */
function notConfirmed(why: string): GatewayError {
  return new GatewayError(
    'confirmation_required',
    `Nothing was changed: ${why}, and only yes confirms the call.`,
  );
}

/** Throws an error of the protocol, as it asks for, if there is no such tool. */
function findTool({ tools, explainMissing }: ToolService, name: string): AnyTool {
  const tool = tools.find((candidate) => mcpName(candidate.name) === name);
  if (tool !== undefined) return tool;
  // The dot after the first word became an underscore.
  const why = explainMissing(name.replace('_', '.'));
  const names = tools.map((candidate) => mcpName(candidate.name));
  const hint = why === undefined ? didYouMean(mcpName(name), names) : ` ${why}`;
  throw new ProtocolError(ProtocolErrorCode.InvalidParams, `There is no tool '${excerpt(name)}'.${hint}`);
}

function answer(output: JsonObject): CallToolResult {
  return { content: [{ type: 'text', text: JSON.stringify(output) }], structuredContent: output };
}

function refusal(problem: object): CallToolResult {
  return { content: [{ type: 'text', text: JSON.stringify(problem) }], isError: true };
}
