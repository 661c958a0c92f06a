import { z } from 'zod';
import type { GatewayError } from '../../base/errors.ts';
import { excerpt } from '../../base/excerpt.ts';
import { valueAt, type JsonPath } from '../../base/json-path.ts';
import { isJsonObject } from '../../base/json.ts';
import type { Compatibility } from '../request/compatibility.ts';
import { decodeValue } from '../request/decode-body.ts';
import { checkFields } from '../request/fields.ts';
import { isHosted, withoutHosted } from './hosted-tools.ts';
import { invalidValue, unsupported } from '../request/refusals.ts';
import { TOOL_CHOICE_FIELDS } from './tool-fields.ts';

/** A tool, as far as a choice needs to know it. */
interface ChoosableTool {
  readonly name: string;
}

/** The tools that the choice leaves. */
export interface ToolChoice<T extends ChoosableTool> {
  readonly tools: readonly T[];
  /** `required`, or the name of the tool, if one of them must be called; undefined otherwise. */
  readonly callRequired: string | undefined;
}

interface ChoiceContext {
  /** Field of the request that holds the choice. */
  readonly field: string;
  readonly compatibility: Compatibility;
  /** Returns the name of a tool that is chosen by its type. */
  readonly nameOfType?: (type: unknown) => string | undefined;
}

const namedSchema = z.object({ name: z.string() });

/** A tool by its name: nested below its type, flat as in the Responses API, or only the name as in `function_call`. */
const referenceSchema = z.union(
  [z.object({ function: namedSchema }), z.object({ custom: namedSchema }), namedSchema],
  {
    error: 'expected the name of a tool, such as {"type": "function", "function": {"name": "…"}}',
  },
);

const allowedSchema = z.object({
  mode: z.enum(['auto', 'required']),
  tools: z.array(z.unknown()).min(1, { error: 'expected at least one tool' }),
});

/** Choices that are a single word. */
const WORDS = {
  auto: <T extends ChoosableTool>(tools: readonly T[]): ToolChoice<T> => ({ tools, callRequired: undefined }),
  none: <T extends ChoosableTool>(): ToolChoice<T> => ({ tools: [], callRequired: undefined }),
  required: <T extends ChoosableTool>(tools: readonly T[]): ToolChoice<T> => ({
    tools,
    callRequired: 'required',
  }),
};

/** Decodes `tool_choice`, or `function_call` as the field was called before. */
export function decodeToolChoice<T extends ChoosableTool>(
  value: unknown,
  tools: readonly T[],
  context: ChoiceContext,
): ToolChoice<T> {
  const { field, compatibility } = context;
  if (value === undefined || value === null) return WORDS.auto(tools);
  if (typeof value === 'string') return decodeWord(value, tools, field);
  const { type } = value as { type?: unknown };
  if (isHosted(type)) throw hostedChosen(type, field);
  if (tools.length === 0 && type !== 'allowed_tools') throw nothingToChoose(field);
  if (isJsonObject(value)) checkFields(value, TOOL_CHOICE_FIELDS, [field], compatibility);
  if (type === 'allowed_tools') return decodeAllowed(value, tools, context);
  const tool = findTool(value, tools, [field], context);
  return { tools: [tool], callRequired: tool.name };
}

function decodeAllowed<T extends ChoosableTool>(
  value: unknown,
  tools: readonly T[],
  context: ChoiceContext,
): ToolChoice<T> {
  const { field, compatibility } = context;
  const nested = (value as { allowed_tools?: unknown }).allowed_tools;
  const path: JsonPath = nested === undefined ? [field] : [field, 'allowed_tools'];
  const { mode, tools: allowed } = decodeValue(allowedSchema, nested ?? value, path);
  const entries = withoutHosted(allowed, [...path, 'tools'], compatibility);
  const isEmpty = entries.length === 0 ? mode === 'required' : tools.length === 0;
  if (isEmpty) throw nothingToChoose(field);
  const names = new Set(
    entries.map(([index, entry]) => findTool(entry, tools, [...path, 'tools', index], context).name),
  );
  return WORDS[mode](tools.filter(({ name }) => names.has(name)));
}

function decodeWord<T extends ChoosableTool>(
  value: string,
  tools: readonly T[],
  field: string,
): ToolChoice<T> {
  if (!Object.hasOwn(WORDS, value)) {
    const words = Object.keys(WORDS).join(', ');
    throw invalidValue([field], `expected one of ${words}, or a tool; got '${excerpt(value)}'`);
  }
  if (value === 'required' && tools.length === 0) throw nothingToChoose(field);
  return WORDS[value as keyof typeof WORDS](tools);
}

function findTool<T extends ChoosableTool>(
  value: unknown,
  tools: readonly T[],
  path: JsonPath,
  { nameOfType }: ChoiceContext,
): T {
  const name = nameOfType?.(valueAt(value, ['type'])) ?? readName(value, path);
  const tool = tools.find((candidate) => candidate.name === name);
  if (tool) return tool;
  throw invalidValue(path, `there is no tool '${excerpt(name)}' in this request`);
}

function readName(value: unknown, path: JsonPath): string {
  const reference = decodeValue(referenceSchema, value, path);
  if ('function' in reference) return reference.function.name;
  return 'custom' in reference ? reference.custom.name : reference.name;
}

function hostedChosen(type: string, field: string): GatewayError {
  return unsupported([field], `asks for a tool of type '${type}', which Codex cannot offer`);
}

function nothingToChoose(field: string): GatewayError {
  return invalidValue([field], 'it is only allowed together with tools that Codex can offer');
}
