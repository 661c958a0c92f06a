import { GatewayError } from '../../base/errors.ts';
import { excerpt } from '../../base/excerpt.ts';
import { unsupported } from './unsupported.ts';

type Rule = 'supported' | 'no-effect' | ((value: unknown) => boolean);

/** What may stand in one kind of object. */
export type Fields = Readonly<Record<string, Rule>>;

const only =
  (...values: readonly unknown[]) =>
  (value: unknown) =>
    values.includes(value);
const never = () => false;
const isText = (value: unknown) => typeof value === 'string';
const emptyList = (value: unknown) => Array.isArray(value) && value.length === 0;
// What is nested without end is looked at on its surface only.
const keysOf = (value: unknown) =>
  typeof value === 'object' && !Array.isArray(value) ? Object.keys(value ?? {}) : undefined;
const emptyObject = (value: unknown) => keysOf(value)?.length === 0;
const textOnly = (value: unknown) => Array.isArray(value) && value.length === 1 && value[0] === 'text';
const textFormat = (value: unknown) =>
  keysOf(value)?.length === 1 && (value as { readonly type?: unknown }).type === 'text';

/**
 * Every field of a chat completion request: supported, without effect on any answer, or accepted only where a test says
 * that it asks for what happens anyway. `null` always asks for that.
 */
export const REQUEST_FIELDS: Fields = {
  messages: 'supported',
  model: 'supported',
  stream: 'supported',
  stream_options: 'supported',

  safety_identifier: isText,
  user: isText,

  audio: never,
  frequency_penalty: only(0),
  function_call: only('auto', 'none'),
  functions: emptyList,
  logit_bias: emptyObject,
  logprobs: only(false),
  max_completion_tokens: never,
  max_tokens: never,
  metadata: emptyObject,
  modalities: textOnly,
  moderation: never,
  n: only(1),
  parallel_tool_calls: only(true, false),
  prediction: never,
  presence_penalty: only(0),
  prompt_cache_key: never,
  prompt_cache_options: never,
  prompt_cache_retention: never,
  reasoning_effort: never,
  response_format: textFormat,
  seed: never,
  service_tier: only('auto', 'default'),
  stop: emptyList,
  store: only(false),
  temperature: only(1),
  tool_choice: only('auto', 'none'),
  tools: emptyList,
  top_logprobs: only(0),
  top_p: only(1),
  verbosity: only('medium'),
  web_search_options: never,
};

export const STREAM_OPTIONS_FIELDS: Fields = { include_usage: 'supported', include_obfuscation: 'no-effect' };

export const MESSAGE_FIELDS: Fields = { content: 'supported', role: 'supported', name: never };

/** Clients send back what they got, with keys that carry nothing. */
export const ASSISTANT_FIELDS: Fields = {
  ...MESSAGE_FIELDS,
  refusal: 'supported',
  annotations: 'no-effect',
  reasoning_content: 'no-effect',
  audio: never,
  function_call: never,
  tool_calls: emptyList,
};

export const TEXT_PART_FIELDS: Fields = { type: 'supported', text: 'supported' };

export const IMAGE_PART_FIELDS: Fields = { type: 'supported', image_url: 'supported' };

export const IMAGE_URL_FIELDS: Fields = { url: 'supported', detail: 'supported' };

export const REFUSAL_PART_FIELDS: Fields = { type: 'supported', refusal: 'supported' };

/**
 * Refuses, by name, a field that is unknown or asks for something that is not done. It takes the value as it was parsed
 * and stops at the first such field: a body may hold millions.
 */
export function checkFields(value: object, fields: Fields, path: string): void {
  for (const key in value) {
    const field = (value as Record<string, unknown>)[key];
    const param = excerpt(path === '' ? key : `${path}.${key}`);
    const rule = Object.hasOwn(fields, key) ? fields[key] : undefined;
    if (rule === undefined)
      throw new GatewayError('unknown_parameter', `Unknown parameter: '${param}'.`, { param });
    if (field === null || typeof rule === 'string' || rule(field)) continue;
    throw unsupported(param, 'is not supported with this model');
  }
}
