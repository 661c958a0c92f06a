import { z } from 'zod';
import { GatewayError } from '../../base/errors.ts';
import { excerpt } from '../../base/excerpt.ts';
import { formatPath, type JsonPath } from '../../base/json-path.ts';
import type { JsonObject } from '../../base/json.ts';
import type { Tool } from '../../conversation/tool.ts';
import { checkSchema } from '../../schema/check-schema.ts';
import { formatSchemaProblem } from '../../schema/schema-problem.ts';
import { withoutNulls } from '../../schema/without-nulls.ts';
import type { Compatibility } from '../request/compatibility.ts';
import { CUSTOM_PARAMETERS } from './custom-input.ts';
import { decodeValue } from '../request/decode-body.ts';
import { checkFields } from '../request/fields.ts';
import { nameSchema, textList } from '../request/shared-schema.ts';
import { invalidValue, unsupported } from '../request/refusals.ts';
import { CUSTOM_TOOL_FIELDS, FUNCTION_FIELDS, TOOL_FIELDS } from './tool-fields.ts';

const kindSchema = z.object({ type: z.string() });

const flag = z.boolean().nullish();

/** Fields without effect, which are checked all the same. */
const COMMON_SHAPE = { defer_loading: flag, async: flag, allowed_callers: textList };

const functionSchema = z.object({
  ...COMMON_SHAPE,
  output_schema: z.looseObject({}).nullish(),
  name: nameSchema,
  description: z.string().nullish(),
  parameters: z.record(z.string(), z.unknown()).nullish(),
  strict: z.boolean().nullish(),
});

const customSchema = z.object({
  ...COMMON_SHAPE,
  name: nameSchema,
  description: z.string().nullish(),
  format: z
    .union([
      z.object({ type: z.literal('text') }),
      z.object({
        type: z.literal('grammar'),
        grammar: z.object({ syntax: z.string(), definition: z.string() }),
      }),
      z.object({ type: z.literal('grammar'), syntax: z.string(), definition: z.string() }),
    ])
    .nullish(),
});

interface DecodedTool {
  readonly tool: Tool;
  readonly custom: boolean;
}

/** Decodes a tool in the nested shape, or in the flat shape of the Responses API, which some clients send to chat completions. */
export function decodeTool(value: unknown, path: JsonPath, compatibility: Compatibility): DecodedTool {
  const { type } = decodeValue(kindSchema, value, path);
  if (type !== 'function' && type !== 'custom') {
    const why = `is a tool of type '${excerpt(type)}'; supported: function, custom`;
    throw unsupported([...path, 'type'], why);
  }
  const nested = (value as Record<string, unknown>)[type];
  if (nested !== undefined) checkFields(value as object, TOOL_FIELDS, path, compatibility);
  const [spec, specPath] = nested === undefined ? [value, path] : [nested, [...path, type]];
  const custom = type === 'custom';
  const decode = custom ? decodeCustom : decodeFunction;
  return { tool: decode(spec, specPath, compatibility), custom };
}

/** Decodes an entry of `functions`. */
export function decodeLegacyTool(value: unknown, path: JsonPath, compatibility: Compatibility): DecodedTool {
  return { tool: decodeFunction(value, path, compatibility), custom: false };
}

function decodeFunction(value: unknown, path: JsonPath, compatibility: Compatibility): Tool {
  const { name, description, parameters, strict } = decodeValue(functionSchema, value, path);
  checkFields(value as object, FUNCTION_FIELDS, path, compatibility);
  return {
    name,
    description: description ?? undefined,
    parameters: checkParameters(parameters ?? {}, name, path),
    strict: strict ?? false,
    path: formatPath(path),
  };
}

/** Throws if two tools have the same name; `pathOf` returns the path that the error names. */
export function checkToolNames<T extends { readonly name: string }>(
  tools: readonly T[],
  pathOf: (tool: T) => JsonPath | string,
): void {
  const names = new Set<string>();
  for (const tool of tools) {
    if (names.has(tool.name)) throw invalidValue(pathOf(tool), `two tools have the name '${tool.name}'`);
    names.add(tool.name);
  }
}

/** Checks a schema of parameters; an empty one stands for a function without parameters. */
function checkParameters(schema: JsonObject, name: string, path: JsonPath): JsonObject {
  if (Object.keys(schema).length === 0) return { type: 'object', properties: {} };
  const problem = checkSchema(schema, { root: 'object', lostReferences: 'allowed' });
  if (problem === undefined) return withoutNulls(schema);
  throw new GatewayError(
    'invalid_function_parameters',
    `Invalid schema for function '${name}': ${formatSchemaProblem(problem)}`,
    { param: formatPath([...path, 'parameters', ...problem.path]) },
  );
}

/** Decodes a custom tool into a function of one text, whose description holds the grammar. */
function decodeCustom(value: unknown, path: JsonPath, compatibility: Compatibility): Tool {
  const { name, description, format } = decodeValue(customSchema, value, path);
  checkFields(value as object, CUSTOM_TOOL_FIELDS, path, compatibility);
  const texts = [description ?? ''];
  if (format?.type === 'grammar') {
    const { syntax, definition } = 'grammar' in format ? format.grammar : format;
    texts.push(`The input follows this grammar (${syntax}):\n${definition}`);
    compatibility.adjust({ path: formatPath([...path, 'format']), from: 'grammar', to: 'description' });
  }
  return {
    name,
    description: texts.filter((text) => text !== '').join('\n\n'),
    parameters: CUSTOM_PARAMETERS,
    strict: false,
    path: formatPath(path),
  };
}
