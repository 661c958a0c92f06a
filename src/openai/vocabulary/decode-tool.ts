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
import { unsupported } from '../request/refusals.ts';
import { CUSTOM_TOOL_FIELDS, FUNCTION_FIELDS, TOOL_FIELDS } from './tool-fields.ts';

const kindSchema = z.object({ type: z.string() });

const flag = z.boolean().nullish();

/** What has no effect, and its type all the same. */
const OFFER_SHAPE = { defer_loading: flag, async: flag, allowed_callers: textList };

const functionSchema = z.object({
  ...OFFER_SHAPE,
  output_schema: z.looseObject({}).nullish(),
  name: nameSchema,
  description: z.string().nullish(),
  parameters: z.record(z.string(), z.unknown()).nullish(),
  strict: z.boolean().nullish(),
});

const customSchema = z.object({
  ...OFFER_SHAPE,
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

/** A tool in the nested shape, or in the flat one of the Responses API, which some clients send here. */
export function decodeTool(value: unknown, place: JsonPath, compatibility: Compatibility): DecodedTool {
  const { type } = decodeValue(kindSchema, value, place);
  if (type !== 'function' && type !== 'custom') {
    const why = `is a tool of type '${excerpt(type)}'; supported: function, custom`;
    throw unsupported(formatPath([...place, 'type']), why);
  }
  const nested = (value as Record<string, unknown>)[type];
  if (nested !== undefined) checkFields(value as object, TOOL_FIELDS, place, compatibility);
  const [spec, where] = nested === undefined ? [value, place] : [nested, [...place, type]];
  const custom = type === 'custom';
  const decode = custom ? decodeCustom : decodeFunction;
  return { tool: decode(spec, where, compatibility), custom };
}

/** An entry of `functions`. */
export function decodeLegacyTool(value: unknown, place: JsonPath, compatibility: Compatibility): DecodedTool {
  return { tool: decodeFunction(value, place, compatibility), custom: false };
}

function decodeFunction(value: unknown, place: JsonPath, compatibility: Compatibility): Tool {
  const { name, description, parameters, strict } = decodeValue(functionSchema, value, place);
  checkFields(value as object, FUNCTION_FIELDS, place, compatibility);
  return {
    name,
    description: description ?? undefined,
    parameters: checkParameters(parameters ?? {}, name, place),
    strict: strict ?? false,
    path: formatPath(place),
  };
}

/** Nothing said of parameters means that there are none. */
function checkParameters(given: JsonObject, name: string, place: JsonPath): JsonObject {
  if (Object.keys(given).length === 0) return { type: 'object', properties: {} };
  const problem = checkSchema(given, { root: 'object', lostReferences: 'allowed' });
  if (problem === undefined) return withoutNulls(given);
  throw new GatewayError(
    'invalid_function_parameters',
    `Invalid schema for function '${name}': ${formatSchemaProblem(problem)}`,
    { param: formatPath([...place, 'parameters', ...problem.path]) },
  );
}

/** A grammar can only be told. */
function decodeCustom(value: unknown, place: JsonPath, compatibility: Compatibility): Tool {
  const { name, description, format } = decodeValue(customSchema, value, place);
  checkFields(value as object, CUSTOM_TOOL_FIELDS, place, compatibility);
  const texts = [description ?? ''];
  if (format?.type === 'grammar') {
    const { syntax, definition } = 'grammar' in format ? format.grammar : format;
    texts.push(`The input follows this grammar (${syntax}):\n${definition}`);
    compatibility.adjust({ path: formatPath([...place, 'format']), from: 'grammar', to: 'description' });
  }
  return {
    name,
    description: texts.filter((text) => text !== '').join('\n\n'),
    parameters: CUSTOM_PARAMETERS,
    strict: false,
    path: formatPath(place),
  };
}
