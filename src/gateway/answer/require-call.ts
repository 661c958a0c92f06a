import { GatewayError } from '../../base/errors.ts';
import { createId } from '../../base/ids.ts';
import type { ToolCall } from '../../conversation/item.ts';
import type { TurnEvent } from '../../conversation/turn-event.ts';
import type { TurnRequest } from '../../conversation/turn-request.ts';
import type { Turn } from '../../conversation/turn.ts';
import { ARGUMENTS_PATH, createCallSchema, type CallSchema } from '../../schema/call-schema.ts';
import { askForJson, hasEnded, passOn, type JsonQuestion, type Reading, type Run } from './ask-for-json.ts';
import { holdAnswer, type HeldAnswer } from './hold-answer.ts';
import { instructSchema } from './instructions.ts';
import { readJson } from './read-json.ts';
import type { Check } from './require-format.ts';
import { beforeStop } from './stop-cutter.ts';
import { writePart } from './write-part.ts';

const PATH = 'callRequired';

/**
 * Runs a turn whose answer calls a tool. The model is left to do so by itself; an answer without a call is kept back, and
 * the call asked for as JSON.
 */
export function createCallRequirement(
  { turn, stop, callRequired: from = 'required' }: Pick<TurnRequest, 'turn' | 'stop' | 'callRequired'>,
  check: Check,
): (run: Run, runForCall: Run) => AsyncGenerator<TurnEvent> {
  let schema: CallSchema | undefined;
  return async function* requireCall(run, runForCall) {
    const held = yield* holdCall(run(turn));
    if (held && !hasEnded(held)) {
      yield* passOn({ ...held, text: beforeStop(held.text, stop) }, held.end.usage);
      return;
    }
    const calls = (schema ??= createCallSchema(turn.tools ?? []));
    const asked = askFor(turn, calls);
    yield { type: 'adjustment', adjustment: { path: PATH, from, to: asked.by } };
    const question: JsonQuestion<ToolCall> = {
      turn: asked.turn,
      path: PATH,
      isText: false,
      spent: held?.end.usage ?? null,
      read: async (text) => await readCall(text, turn, calls, check),
    };
    const answer = yield* askForJson(runForCall, question);
    if (answer === undefined) return;
    yield answer.value;
    yield { ...answer.end, reason: 'tool-calls' };
  };
}

/** Returns undefined for an answer with a call that cannot be handed to the caller. */
async function* holdCall(
  events: AsyncIterable<TurnEvent>,
): AsyncGenerator<TurnEvent, HeldAnswer | undefined> {
  try {
    return yield* holdAnswer(events);
  } catch (error) {
    if (error instanceof GatewayError && error.code === 'unknown_tool_call') return undefined;
    throw error;
  }
}

function askFor(turn: Turn, { schema, strict }: CallSchema): { turn: Turn; by: string } {
  const bare = { ...turn, tools: undefined, expectsCalls: true };
  if (strict) return { turn: { ...bare, outputSchema: schema }, by: 'output_schema' };
  const items = [...turn.items, instructSchema(schema)];
  return { turn: { ...bare, items, outputSchema: undefined }, by: 'instructed' };
}

async function readCall(
  text: string,
  { tools = [] }: Turn,
  schema: CallSchema,
  check: Check,
): Promise<Reading<ToolCall>> {
  const found = readJson(text);
  const call = schema.restore(found?.value);
  const tool = tools.find(({ name }) => name === call?.name);
  if (found === undefined || call === undefined || tool === undefined)
    return { problem: 'it is not the JSON of a call.' };
  const problem = await check(tool.parameters, call.arguments, `${tool.path}.parameters`);
  if (problem !== undefined) return { problem };
  const args = writePart(call.arguments, found.text, ARGUMENTS_PATH);
  return { value: { type: 'tool-call', callId: createId('call_'), name: call.name, arguments: args } };
}
