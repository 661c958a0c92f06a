import { GatewayError } from '../../base/errors.ts';

type Rule = 'supported' | 'no-effect' | ((value: unknown) => boolean);

const only =
  (...values: readonly unknown[]) =>
  (value: unknown) =>
    values.includes(value);
const never = () => false;
const empty = (value: unknown) =>
  typeof value === 'object' && value !== null && Object.keys(value).length === 0;
const textOnly = (value: unknown) => Array.isArray(value) && value.every((modality) => modality === 'text');

/**
 * Every field of a chat completion request: supported, without effect on any answer, or accepted only where a test says
 * that it asks for what happens anyway. `null` always asks for that.
 */
export const REQUEST_FIELDS: Readonly<Record<string, Rule>> = {
  messages: 'supported',
  model: 'supported',
  stream: 'supported',
  stream_options: 'supported',

  safety_identifier: 'no-effect',
  user: 'no-effect',

  audio: never,
  frequency_penalty: only(0),
  function_call: only('auto', 'none'),
  functions: empty,
  logit_bias: empty,
  logprobs: only(false),
  max_completion_tokens: never,
  max_tokens: never,
  metadata: empty,
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
  response_format: (value) => typeof value === 'object' && 'type' in value! && value.type === 'text',
  seed: never,
  service_tier: only('auto', 'default'),
  stop: empty,
  store: only(false),
  temperature: only(1),
  tool_choice: only('auto', 'none'),
  tools: empty,
  top_logprobs: only(0),
  top_p: only(1),
  verbosity: only('medium'),
  web_search_options: never,
};

/** The same for a message of the history; clients send back what they got, with keys that carry nothing. */
export const MESSAGE_FIELDS: Readonly<Record<string, Rule>> = {
  content: 'supported',
  role: 'supported',
  refusal: 'supported',
  annotations: 'no-effect',
  reasoning_content: 'no-effect',
  audio: never,
  function_call: never,
  name: never,
  tool_calls: empty,
};

export const PART_FIELDS: Readonly<Record<string, Rule>> = {
  type: 'supported',
  text: 'supported',
  refusal: 'supported',
};

/** Refuses, by name, a field that is unknown or asks for something that is not done. */
export function checkFields(value: object, rules: Readonly<Record<string, Rule>>, path: string): void {
  for (const [key, field] of Object.entries(value)) {
    const param = path === '' ? key : `${path}.${key}`;
    const rule = Object.hasOwn(rules, key) ? rules[key] : undefined;
    if (rule === undefined)
      throw new GatewayError('unknown_parameter', `Unknown parameter: '${param}'.`, { param });
    if (field === null || typeof rule === 'string' || rule(field)) continue;
    throw new GatewayError(
      'unsupported_parameter',
      `Unsupported parameter: '${param}' is not supported with this model.`,
      { param },
    );
  }
}
