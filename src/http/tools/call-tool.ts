import { GatewayError } from '../../base/errors.ts';
import { excerpt } from '../../base/excerpt.ts';
import type { JsonObject } from '../../base/json.ts';
import { isSessionKey, MAIN_TOKEN } from '../../base/scopes.ts';
import { refusing } from '../../tools/refusals.ts';
import type { ToolService } from '../../tools/tool-service.ts';
import { ASSISTANTS, type AnyTool, type Assistant, type ToolCaller } from '../../tools/tool.ts';
import type { Context } from '../requests/context.ts';

export interface RestCall {
  readonly tool: AnyTool;
  readonly arguments: unknown;
  /** A fault of the request outside of its arguments, with which it is refused. */
  readonly fault?: GatewayError | undefined;
}

/** Makes the call that a request asks for; resolves to the output of the tool. */
export async function callTool(ctx: Context, service: ToolService, call: RestCall): Promise<JsonObject> {
  const { requestId, signal } = ctx.state;
  const assistant = readAssistant(ctx);
  const caller = callerOf(ctx);
  const fault =
    call.fault ??
    (isSessionKey(caller.id) ? keyOfSession() : undefined) ??
    (assistant === undefined ? unknownAssistant(ctx) : undefined);
  const prepared = await service.prepare({
    tool: fault === undefined ? call.tool : refusing(call.tool, fault),
    arguments: call.arguments,
    caller,
    assistant: assistant ?? 'script',
    requestId,
    idempotencyKey: ctx.req.headers['idempotency-key']?.toString(),
    signal,
  });
  return await prepared.run(prepared.isConfirmed);
}

/** Returns the key by which a request was let in. */
export function callerOf(ctx: Context): ToolCaller {
  return ctx.state.caller ?? { id: MAIN_TOKEN, name: MAIN_TOKEN };
}

/** Reads the header `X-Assistant`; undefined for one that names no known assistant. */
function readAssistant(ctx: Context): Assistant | undefined {
  const named = ctx.get('x-assistant').toLowerCase() || 'script';
  return ASSISTANTS.find((assistant) => assistant === named);
}

function unknownAssistant(ctx: Context): GatewayError {
  return new GatewayError(
    'invalid_value',
    `The header X-Assistant is one of ${ASSISTANTS.join(', ')}, not '${excerpt(ctx.get('x-assistant'))}'.`,
  );
}

/** Keeps an agent that has found the key of its session from confirming a change by itself, as a script may. */
function keyOfSession(): GatewayError {
  return new GatewayError('missing_scope', 'The key of an agent session calls tools over /mcp alone.');
}
