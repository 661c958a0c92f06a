/** An object of a stream's JSON, before anything is known of it. */
export type Json = Readonly<Record<string, unknown>>;

/** The part of one chunk that concerns one choice. */
interface Entry {
  readonly delta: Json;
  readonly finishReason: unknown;
}

/** One entry of a delta's `tool_calls`. */
type CallDelta = Json;

const FINISH_REASONS: readonly unknown[] = [
  'stop',
  'length',
  'tool_calls',
  'content_filter',
  'function_call',
];
const DELTA_TEXTS = ['content', 'refusal', 'reasoning_content'];

/** Fields that hold the name and arguments of each type of call. */
const CALL_BODIES = { function: 'arguments', custom: 'input' } as const;

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Returns the rules that one choice of a stream breaks, from all its chunks; `ended` is false for a stream that was
 * cut short.
 */
export function checkChoice(choices: readonly Json[], ended: boolean): string[] {
  const entries = choices.map(({ delta, finish_reason: finishReason }): Entry => ({
    delta: isObject(delta) ? delta : {},
    finishReason,
  }));
  const calls = entries.flatMap(({ delta }) => toolCallsOf(delta));
  const deltas = entries.map(({ delta }) => delta).filter((delta) => Object.keys(delta).length > 0);
  return [
    ...choices.filter(({ delta }) => !isObject(delta)).map(() => 'a chunk has no delta'),
    ...checkRole(deltas),
    ...deltas.flatMap(checkTexts),
    ...deltas.flatMap(checkCallList),
    ...checkToolCalls(calls),
    ...checkFunctionCall(deltas.flatMap(({ function_call: call }) => (isObject(call) ? [call] : []))),
    ...checkFinish(entries, ended),
    ...checkFinishFits(entries, calls.length > 0),
  ];
}

function toolCallsOf({ tool_calls: calls }: Json): CallDelta[] {
  return Array.isArray(calls) ? calls.filter(isObject) : [];
}

/** An empty delta is a sign of life and counts nowhere. */
function checkRole(deltas: readonly Json[]): string[] {
  const [first, ...later] = deltas;
  return [
    ...(first !== undefined && first.role !== 'assistant' ? ['the first delta has no role'] : []),
    ...later.filter((delta) => 'role' in delta).map(() => 'the role is repeated'),
  ];
}

function checkTexts(delta: Json): string[] {
  const isText = (value: unknown) => value === undefined || value === null || typeof value === 'string';
  return DELTA_TEXTS.filter((key) => !isText(delta[key])).map((key) => `${key} is not text`);
}

function checkCallList({ tool_calls: calls }: Json): string[] {
  if (calls === undefined) return [];
  return Array.isArray(calls) && calls.length > 0 && calls.every(isObject)
    ? []
    : ['tool_calls is not a list of calls'];
}

function checkToolCalls(deltas: readonly CallDelta[]): string[] {
  const byIndex = Map.groupBy(deltas, ({ index }) => index);
  const contiguous = [...byIndex.keys()].every((index, place) => index === place);
  const ids = [...byIndex.values()].map((call) => call[0]!.id);
  return [
    ...(contiguous ? [] : ['the indexes of tool calls do not count from 0']),
    ...(new Set(ids).size === ids.length ? [] : ['two tool calls have the same id']),
    ...[...byIndex].flatMap(([index, call]) =>
      checkToolCall(call).map((violation) => `tool call ${String(index)}: ${violation}`),
    ),
  ];
}

function checkToolCall([first, ...later]: readonly CallDelta[]): string[] {
  const { id, type } = first!;
  const known = type === 'function' || type === 'custom' ? type : undefined;
  const bodies = [first!, ...later].map((call) => call[known ?? 'function']);
  return [
    ...(isName(id) ? [] : ['has no id']),
    ...(known ? [] : ['has no type']),
    ...['id', 'type'].filter((key) => later.some((call) => key in call)).map((key) => `${key} is repeated`),
    ...checkCallBody(bodies, CALL_BODIES[known ?? 'function']),
  ];
}

/** The name of a call once, in its first delta, and what it is called with in pieces of text. */
function checkCallBody(bodies: readonly unknown[], argument: string): string[] {
  const [first, ...later] = bodies.map((body) => (isObject(body) ? body : {}));
  return [
    ...(isName(first?.name) ? [] : ['has no name']),
    ...(later.some((body) => 'name' in body) ? ['name is repeated'] : []),
    ...(typeof first?.[argument] === 'string' && later.every((body) => typeof body[argument] === 'string')
      ? []
      : [`${argument} is not text`]),
  ];
}

function checkFunctionCall(bodies: readonly Json[]): string[] {
  if (bodies.length === 0) return [];
  return checkCallBody(bodies, 'arguments').map((violation) => `function_call: ${violation}`);
}

function checkFinish(entries: readonly Entry[], ended: boolean): string[] {
  const end = entries.findIndex(({ finishReason }) => finishReason !== null);
  const reasons = entries.map(({ finishReason }) => finishReason).filter((reason) => reason !== null);
  return [
    ...(ended && reasons.length === 0 ? ['no finish_reason'] : []),
    ...reasons
      .filter((reason) => !FINISH_REASONS.includes(reason))
      .map(() => 'finish_reason is none of OpenAI'),
    ...(end !== -1 && end < entries.length - 1 ? ['goes on after its finish_reason'] : []),
  ];
}

/** A call that was cut has the reason for the cut; every other one its own reason, which no answer without a call has. */
function checkFinishFits(entries: readonly Entry[], toolCalls: boolean): string[] {
  const functionCall = entries.some(({ delta }) => isObject(delta.function_call));
  const expected: Record<string, boolean> = {
    stop: !toolCalls && !functionCall,
    tool_calls: toolCalls,
    function_call: functionCall,
  };
  return entries
    .filter(({ finishReason }) => typeof finishReason === 'string' && expected[finishReason] === false)
    .map(({ finishReason }) => `finish_reason ${String(finishReason)} does not fit what was called`);
}

function isName(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}
