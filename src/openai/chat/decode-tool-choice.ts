import { z } from 'zod';
import type { GatewayError } from '../../base/errors.ts';
import { excerpt } from '../../base/excerpt.ts';
import { formatPath, type JsonPath } from '../../base/json-path.ts';
import type { Tool } from '../../conversation/tool.ts';
import { isJsonObject } from '../../base/json.ts';
import type { Compatibility } from '../compatibility.ts';
import { decodeValue } from '../decode-body.ts';
import { checkFields } from '../fields.ts';
import { invalidValue } from '../refusals.ts';
import { TOOL_CHOICE_FIELDS } from './fields.ts';

/** The tools that are left of an offer. */
export interface ToolChoice {
  readonly tools: readonly Tool[];
  /** `required`, or the name of the tool, where one of them must be called. */
  readonly callRequired: string | undefined;
}

interface ChoicePlace {
  readonly field: string;
  readonly compatibility: Compatibility;
}

const named = z.object({ name: z.string() });

/** A tool by name: nested below its type, flat as in the Responses API, or the name alone as `function_call` has it. */
const referenceSchema = z.union([z.object({ function: named }), z.object({ custom: named }), named], {
  error: 'expected the name of a tool, such as {"type": "function", "function": {"name": "…"}}',
});

const allowedSchema = z.object({
  mode: z.enum(['auto', 'required']),
  tools: z.array(z.unknown()).min(1, { error: 'expected at least one tool' }),
});

const WORDS = {
  auto: (tools: readonly Tool[]) => ({ tools, callRequired: undefined }),
  none: () => ({ tools: [], callRequired: undefined }),
  required: (tools: readonly Tool[]) => ({ tools, callRequired: 'required' }),
};

/** `tool_choice`, or `function_call` as it was called before. */
export function decodeToolChoice(
  value: unknown,
  tools: readonly Tool[],
  { field, compatibility }: ChoicePlace,
): ToolChoice {
  if (value === undefined || value === null) return WORDS.auto(tools);
  if (typeof value === 'string') return decodeWord(value, tools, field);
  if (tools.length === 0) throw nothingToChoose(field);
  if (isJsonObject(value)) checkFields(value, TOOL_CHOICE_FIELDS, [field], compatibility);
  if ((value as { type?: unknown }).type !== 'allowed_tools') {
    const tool = findTool(value, tools, [field]);
    return { tools: [tool], callRequired: tool.name };
  }
  const nested = (value as { allowed_tools?: unknown }).allowed_tools;
  const place: JsonPath = nested === undefined ? [field] : [field, 'allowed_tools'];
  const { mode, tools: allowed } = decodeValue(allowedSchema, nested ?? value, place);
  const names = new Set(
    allowed.map((entry, index) => findTool(entry, tools, [...place, 'tools', index]).name),
  );
  return WORDS[mode](tools.filter(({ name }) => names.has(name)));
}

function decodeWord(value: string, tools: readonly Tool[], field: string): ToolChoice {
  if (!Object.hasOwn(WORDS, value)) {
    const words = Object.keys(WORDS).join(', ');
    throw invalidValue(field, `expected one of ${words}, or a tool; got '${excerpt(value)}'`);
  }
  if (value === 'required' && tools.length === 0) throw nothingToChoose(field);
  return WORDS[value as keyof typeof WORDS](tools);
}

function findTool(value: unknown, tools: readonly Tool[], place: JsonPath): Tool {
  const reference = decodeValue(referenceSchema, value, place);
  const { name } =
    'function' in reference ? reference.function : 'custom' in reference ? reference.custom : reference;
  const tool = tools.find((candidate) => candidate.name === name);
  if (tool) return tool;
  throw invalidValue(formatPath(place), `there is no tool '${excerpt(name)}' in this request`);
}

function nothingToChoose(field: string): GatewayError {
  return invalidValue(field, 'it is only allowed with tools to choose from');
}
