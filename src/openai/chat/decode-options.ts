import { z } from 'zod';
import { formatPath, valueAt, type JsonPath } from '../../base/json-path.ts';
import type { TurnOptions, WebSearch } from '../../conversation/turn.ts';
import type { AnswerFormat } from '../../conversation/turn-request.ts';
import type { Compatibility } from '../request/compatibility.ts';
import { decodeValue } from '../request/decode-body.ts';
import { checkFields } from '../request/fields.ts';
import type { ParamNames } from '../request/notice-headers.ts';
import { invalidValue } from '../request/refusals.ts';
import { JSON_SCHEMA_FIELDS } from '../request/shared-fields.ts';
import { decodeSchemaFormat, formatSchema } from '../vocabulary/decode-schema-format.ts';
import { decodeServiceTier } from '../vocabulary/decode-service-tier.ts';
import { FLAT_FORMAT_FIELDS, FORMAT_FIELDS } from './fields.ts';
import type { ChatBody } from './schema.ts';

/** Paths under which a request may hold the same option: the first one with a value counts. */
type Names = readonly [JsonPath, JsonPath];

const EFFORT: Names = [['reasoning_effort'], ['reasoning', 'effort']];
const VERBOSITY: Names = [['verbosity'], ['text', 'verbosity']];
const FORMAT: Names = [['response_format'], ['text', 'format']];
const LIMIT: Names = [['max_completion_tokens'], ['max_output_tokens']];

/** Returns the path under which a request holds an option. */
function locate(chat: ChatBody, names: Names): JsonPath {
  return isGiven(chat, names[0]) ? names[0] : names[1];
}

function isGiven(chat: ChatBody, path: JsonPath): boolean {
  return (valueAt(chat, path) ?? null) !== null;
}

/** Leaves out, or refuses, an option that the request holds under another name as well. */
export function checkNames(chat: ChatBody, compatibility: Compatibility): void {
  for (const names of [EFFORT, LIMIT, VERBOSITY, FORMAT]) {
    const [first, second] = names;
    if (!isGiven(chat, first) || !isGiven(chat, second)) continue;
    if (names === EFFORT && valueAt(chat, first) === valueAt(chat, second)) continue;
    const why = `the request has '${formatPath(first)}' as well; send only one of the two`;
    compatibility.ignore(second, () => invalidValue(second, why));
  }
}

/** Returns the path in the request of each option of the turn request, for notices. */
export function paramNamesOf(chat: ChatBody, legacyCalls: boolean): ParamNames {
  return {
    reasoningEffort: formatPath(locate(chat, EFFORT)),
    verbosity: formatPath(locate(chat, VERBOSITY)),
    serviceTier: 'service_tier',
    format: formatPath(locate(chat, FORMAT)),
    webSearch: 'web_search_options',
    callRequired: legacyCalls ? 'function_call' : 'tool_choice',
  };
}

export function decodeOptions(chat: ChatBody): TurnOptions {
  return {
    reasoningEffort: chat.reasoning_effort ?? chat.reasoning?.effort ?? undefined,
    verbosity: chat.verbosity ?? chat.text?.verbosity ?? undefined,
    serviceTier: decodeServiceTier(chat.service_tier ?? 'auto'),
  };
}

export function decodeWebSearch({ web_search_options: options }: ChatBody): WebSearch | undefined {
  if (!options) return undefined;
  return {
    contextSize: options.search_context_size ?? undefined,
    location: options.user_location?.approximate,
  };
}

/** Returns the token limit; `max_tokens` is the former name of `max_completion_tokens`. */
export function decodeLimit(chat: ChatBody): number | undefined {
  return chat.max_completion_tokens ?? chat.max_output_tokens ?? chat.max_tokens ?? undefined;
}

const nestedFormatSchema = z.object({ json_schema: z.looseObject({}) });

/** Decodes `response_format`, which holds its schema below `json_schema`, or `text.format`, which holds it itself. */
export function decodeFormat(chat: ChatBody, compatibility: Compatibility): AnswerFormat {
  const path = locate(chat, FORMAT);
  const value = valueAt(chat, path);
  if (value === undefined || value === null) return { type: 'text' };
  const { type } = decodeValue(formatSchema, value, path);
  const isFlat = path === FORMAT[1];
  if (!isFlat) checkFields(value, FORMAT_FIELDS, path, compatibility);
  else if (type !== 'json_schema') checkFields(value, FLAT_FORMAT_FIELDS, path, compatibility);
  if (type === 'text') return { type: 'text' };
  if (type === 'json_object') return { type: 'json-object' };
  if (isFlat) return decodeSchemaFormat(value, path);
  const { json_schema: format } = decodeValue(nestedFormatSchema, value, path);
  const nested = [...path, 'json_schema'];
  checkFields(format, JSON_SCHEMA_FIELDS, nested, compatibility);
  return decodeSchemaFormat(format, nested);
}
