import { z } from 'zod';
import type { GatewayError } from '../../base/errors.ts';
import { excerpt } from '../../base/excerpt.ts';
import { formatPath, valueAt, type JsonPath } from '../../base/json-path.ts';
import { isJsonObject } from '../../base/json.ts';
import type { Compatibility } from '../request/compatibility.ts';
import { decodeValue } from '../request/decode-body.ts';
import { checkFields } from '../request/fields.ts';
import { isHosted, withoutHosted } from './hosted-tools.ts';
import { invalidValue, unsupported } from '../request/refusals.ts';
import { TOOL_CHOICE_FIELDS } from './tool-fields.ts';

/** Something that can be chosen by its name. */
interface Named {
  readonly name: string;
}

/** The tools that are left of an offer. */
export interface ToolChoice<T extends Named> {
  readonly tools: readonly T[];
  /** `required`, or the name of the tool, where one of them must be called. */
  readonly callRequired: string | undefined;
}

interface ChoicePlace {
  readonly field: string;
  readonly compatibility: Compatibility;
  /** The name of a tool that is chosen by its type alone. */
  readonly nameOfType?: (type: unknown) => string | undefined;
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
  auto: <T extends Named>(tools: readonly T[]): ToolChoice<T> => ({ tools, callRequired: undefined }),
  none: <T extends Named>(): ToolChoice<T> => ({ tools: [], callRequired: undefined }),
  required: <T extends Named>(tools: readonly T[]): ToolChoice<T> => ({ tools, callRequired: 'required' }),
};

/** `tool_choice`, or `function_call` as it was called before. */
export function decodeToolChoice<T extends Named>(
  value: unknown,
  tools: readonly T[],
  choice: ChoicePlace,
): ToolChoice<T> {
  const { field, compatibility } = choice;
  if (value === undefined || value === null) return WORDS.auto(tools);
  if (typeof value === 'string') return decodeWord(value, tools, field);
  const { type } = value as { type?: unknown };
  if (isHosted(type)) throw hostedChosen(type, [field]);
  if (tools.length === 0 && type !== 'allowed_tools') throw nothingToChoose(field);
  if (isJsonObject(value)) checkFields(value, TOOL_CHOICE_FIELDS, [field], compatibility);
  if (type === 'allowed_tools') return decodeAllowed(value, tools, choice);
  const tool = findTool(value, tools, [field], choice);
  return { tools: [tool], callRequired: tool.name };
}

function decodeAllowed<T extends Named>(
  value: unknown,
  tools: readonly T[],
  choice: ChoicePlace,
): ToolChoice<T> {
  const { field, compatibility } = choice;
  const nested = (value as { allowed_tools?: unknown }).allowed_tools;
  const place: JsonPath = nested === undefined ? [field] : [field, 'allowed_tools'];
  const { mode, tools: allowed } = decodeValue(allowedSchema, nested ?? value, place);
  const entries = withoutHosted(allowed, [...place, 'tools'], compatibility);
  const isEmpty = entries.length === 0 ? mode === 'required' : tools.length === 0;
  if (isEmpty) throw nothingToChoose(field);
  const names = new Set(
    entries.map(([index, entry]) => findTool(entry, tools, [...place, 'tools', index], choice).name),
  );
  return WORDS[mode](tools.filter(({ name }) => names.has(name)));
}

function decodeWord<T extends Named>(value: string, tools: readonly T[], field: string): ToolChoice<T> {
  if (!Object.hasOwn(WORDS, value)) {
    const words = Object.keys(WORDS).join(', ');
    throw invalidValue(field, `expected one of ${words}, or a tool; got '${excerpt(value)}'`);
  }
  if (value === 'required' && tools.length === 0) throw nothingToChoose(field);
  return WORDS[value as keyof typeof WORDS](tools);
}

function findTool<T extends Named>(
  value: unknown,
  tools: readonly T[],
  place: JsonPath,
  { nameOfType }: ChoicePlace,
): T {
  const name = nameOfType?.(valueAt(value, ['type'])) ?? readName(value, place);
  const tool = tools.find((candidate) => candidate.name === name);
  if (tool) return tool;
  throw invalidValue(formatPath(place), `there is no tool '${excerpt(name)}' in this request`);
}

function readName(value: unknown, place: JsonPath): string {
  const reference = decodeValue(referenceSchema, value, place);
  if ('function' in reference) return reference.function.name;
  return 'custom' in reference ? reference.custom.name : reference.name;
}

function hostedChosen(type: string, place: JsonPath): GatewayError {
  return unsupported(formatPath(place), `asks for a tool of type '${type}', which Codex cannot offer`);
}

function nothingToChoose(field: string): GatewayError {
  return invalidValue(field, 'it is only allowed with tools to choose from that Codex can offer');
}
