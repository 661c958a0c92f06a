import { GatewayError } from '../../base/errors.ts';
import { createId } from '../../base/ids.ts';
import type { ToolCall } from '../../conversation/item.ts';
import type { Tool } from '../../conversation/tool.ts';
import type { TurnRequest } from '../../conversation/turn-request.ts';
import type { Turn } from '../../conversation/turn.ts';
import { ARGUMENTS_PATH, createCallSchema, type CallSchema } from '../../schema/call-schema.ts';
import { askForJson, type JsonReading } from './ask-for-json.ts';
import { holdAnswer, isCompleteText, releaseAnswer, type HeldAnswer } from './hold-answer.ts';
import { instructSchema } from './instructions.ts';
import { parseModelJson, writePart } from './model-json.ts';
import type { Batch, Run } from './stage.ts';
import { beforeStop } from './stop-sequences.ts';
import type { Check } from './verify-format.ts';

const PATH = 'callRequired';

interface CallRequest extends Pick<TurnRequest, 'turn' | 'stop'> {
  /** The request's own words for it, which the adjustment repeats. */
  readonly callRequired: string;
}

/**
 * Creates the stage that makes every answer to a request call a tool. The model is free to do so by itself; an answer without
 * a call is held back, and the call asked for as JSON.
 */
export function requireCall(
  { turn: { tools = [] }, stop, callRequired: from }: CallRequest,
  check: Check,
): (run: Run) => Run {
  let schema: CallSchema | undefined;
  return (run) =>
    async function* withCall(turn) {
      const held = yield* holdCall(run(turn));
      if (held && !isCompleteText(held)) {
        yield releaseAnswer({ ...held, text: beforeStop(held.text, stop) });
        return;
      }
      const calls = (schema ??= createCallSchema(tools));
      const asked = askFor(turn, calls);
      yield [{ type: 'adjustment', adjustment: { path: PATH, from, to: asked.by } }];
      const answer = yield* askForJson(run, {
        turn: asked.turn,
        path: PATH,
        isText: false,
        spent: held?.end.usage ?? null,
        read: async (text) => await readCall(text, tools, calls, check),
      });
      if (answer !== undefined) yield [answer.value, { ...answer.end, reason: 'tool-calls' }];
    };
}

/** Returns undefined for an answer with a call that cannot be handed to the caller. */
async function* holdCall(batches: AsyncIterable<Batch>): AsyncGenerator<Batch, HeldAnswer | undefined> {
  try {
    return yield* holdAnswer(batches);
  } catch (error) {
    if (error instanceof GatewayError && error.code === 'unknown_tool_call') return undefined;
    throw error;
  }
}

function askFor(turn: Turn, { schema, strict }: CallSchema): { turn: Turn; by: string } {
  const bare = { ...turn, tools: undefined, expectsCalls: true, initiator: 'agent' as const };
  if (strict) return { turn: { ...bare, outputSchema: schema }, by: 'output_schema' };
  const items = [...turn.items, instructSchema(schema)];
  return { turn: { ...bare, items, outputSchema: undefined }, by: 'instructed' };
}

async function readCall(
  text: string,
  tools: readonly Tool[],
  schema: CallSchema,
  check: Check,
): Promise<JsonReading<ToolCall>> {
  const found = parseModelJson(text);
  const call = schema.restore(found?.value);
  const tool = tools.find(({ name }) => name === call?.name);
  if (found === undefined || call === undefined || tool === undefined)
    return { problem: 'it is not the JSON of a call.' };
  const problem = await check(tool.parameters, call.arguments, `${tool.path}.parameters`);
  if (problem !== undefined) return { problem };
  const args = writePart(call.arguments, found.text, ARGUMENTS_PATH);
  return { value: { type: 'tool-call', callId: createId('call_'), name: call.name, arguments: args } };
}
