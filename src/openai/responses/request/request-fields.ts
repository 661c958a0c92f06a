import { isJsonObject } from '../../../base/json.ts';
import type { Compatibility } from '../../request/compatibility.ts';
import {
  accepted,
  checkOptionFields,
  emulated,
  ignored,
  isEmptyList,
  mapped,
  oneOf,
  refused,
  type Fields,
  type OptionFields,
} from '../../request/fields.ts';
import {
  CHAT_AND_RESPONSES_FIELDS,
  ENFORCED_LIMIT,
  IGNORED_LIMIT,
  SHARED_FIELDS,
  TEXT_FIELDS,
  TEXT_FORMAT_FIELDS,
} from '../../request/shared-fields.ts';

/** Returns true if `multi_agent` is disabled; its other fields are checked separately. */
const isDisabled = (value: unknown) => isJsonObject(value) && value.enabled === false;

/** Every field of a request for a response and the verdict on it; the table in the documentation is generated from it. */
export const RESPONSE_FIELDS: Fields = {
  access_programs: refused('Codex uses the programs of its own login'),
  background: emulated('the response continues without its client; requires `store`'),
  context_management: ignored('nothing is ever cut; `POST /v1/responses/compact` makes a summary instead', {
    neutral: isEmptyList,
  }),
  conversation: emulated('created by `POST /v1/conversations`; not together with `previous_response_id`'),
  image: accepted('`context_compression`: `auto` and `disabled` pass'),
  include: mapped(
    '`reasoning.encrypted_content`, `web_search_call.action.sources`; `message.output_text.logprobs` is refused, others are ignored',
  ),
  input: mapped('a text, or [items](#items-in-the-input)'),
  instructions: mapped('a developer message before everything else, for this response only'),
  max_output_tokens: IGNORED_LIMIT,
  max_tool_calls: ignored('the gateway cannot count what the provider calls on its own'),
  metadata: accepted('up to 16 pairs; returned in the response and stored with it'),
  model: SHARED_FIELDS.model,
  moderation: CHAT_AND_RESPONSES_FIELDS.moderation,
  parallel_tool_calls: CHAT_AND_RESPONSES_FIELDS.parallel_tool_calls,
  previous_response_id: emulated('the gateway sends the stored conversation again'),
  prompt: refused('templates are stored at OpenAI only'),
  prompt_cache_key: CHAT_AND_RESPONSES_FIELDS.prompt_cache_key,
  prompt_cache_options: CHAT_AND_RESPONSES_FIELDS.prompt_cache_options,
  prompt_cache_retention: CHAT_AND_RESPONSES_FIELDS.prompt_cache_retention,
  reasoning: mapped(
    '`effort`: one that the model does not support becomes the nearest one that it does, which the header reports; `summary`, or its former name `generate_summary`: none unless requested; `mode`: only `standard` passes; `context` has no effect',
  ),
  safety_identifier: CHAT_AND_RESPONSES_FIELDS.safety_identifier,
  service_tier: CHAT_AND_RESPONSES_FIELDS.service_tier,
  store: emulated('responses are stored by the gateway; `true` is ignored if the setting `store` is `false`'),
  stream: SHARED_FIELDS.stream,
  stream_options: accepted('`include_obfuscation` has no effect'),
  temperature: SHARED_FIELDS.temperature,
  text: mapped(
    '`format`: strict schemas are enforced by the provider, others and `json_object` by the gateway, see [Structured output](../tools-and-structured-output.md#structured-output); `verbosity`',
  ),
  tool_choice: emulated(
    '`auto`, `none`, `required`, a tool by name, `allowed_tools`; see [Guaranteed calls](../tools-and-structured-output.md#guaranteed-calls)',
  ),
  tools: mapped(
    'functions, `custom` tools, web search, `namespace`, `tool_search`; see [Tools](../tools-and-structured-output.md#functions)',
  ),
  top_logprobs: CHAT_AND_RESPONSES_FIELDS.top_logprobs,
  top_p: SHARED_FIELDS.top_p,
  truncation: ignored('with `auto`, nothing is ever cut', { neutral: oneOf('disabled') }),
  user: CHAT_AND_RESPONSES_FIELDS.user,
};

/** Fields that clients send although the official SDK does not declare them. All other unknown fields are ignored. */
export const FURTHER_RESPONSE_FIELDS: Fields = {
  client_metadata: accepted('from Codex, for its own service'),
  multi_agent: refused('only `{"enabled": false}` passes, because one agent answers', {
    neutral: isDisabled,
  }),
  frequency_penalty: SHARED_FIELDS.frequency_penalty,
  presence_penalty: SHARED_FIELDS.presence_penalty,
  seed: SHARED_FIELDS.seed,
};

/** Replaces the usual rule if token limits are enforced. */
export const ENFORCED_OUTPUT_LIMIT_FIELDS: Fields = { max_output_tokens: ENFORCED_LIMIT };

/** Fields that a request over a WebSocket has in addition, or that have another meaning there. */
export const SOCKET_FIELDS: Fields = {
  type: accepted('`response.create`'),
  generate: mapped('`false`: there is no answer'),
  background: refused('a connection waits for its responses', { neutral: oneOf(false) }),
  stream_id: mapped('each event repeats it; a connection has one response at a time, whatever its stream'),
};

/** Fields of `POST /v1/responses/compact`. */
export const COMPACT_FIELDS: Fields = pickFields(
  'image',
  'input',
  'instructions',
  'model',
  'previous_response_id',
  'prompt_cache_key',
  'prompt_cache_options',
  'prompt_cache_retention',
  'service_tier',
);

/** Fields of `POST /v1/responses/input_tokens`. */
export const INPUT_TOKENS_FIELDS: Fields = {
  ...pickFields(
    'conversation',
    'input',
    'instructions',
    'model',
    'parallel_tool_calls',
    'previous_response_id',
    'reasoning',
    'text',
    'tool_choice',
    'tools',
    'truncation',
  ),
  personality: ignored('Codex runs without a personality here'),
};

/** Fields of options that are objects, by the path of the option. */
export const OPTION_FIELDS: OptionFields = {
  stream_options: { include_obfuscation: accepted('no padding is added') },
  conversation: { id: mapped('the id of the conversation') },
  image: {
    context_compression: refused('only `auto` and `disabled` pass', { neutral: oneOf('auto', 'disabled') }),
  },
  multi_agent: { enabled: accepted('`false`: one agent answers') },
  reasoning: {
    effort: mapped('the effort of the model'),
    summary: mapped('the length of the summary'),
    generate_summary: mapped('as `summary`'),
    context: accepted('Codex decides'),
    mode: refused('only `standard` passes', { neutral: oneOf('standard') }),
  },
  text: TEXT_FIELDS,
  'text.format': TEXT_FORMAT_FIELDS,
};

/** Ignores or refuses unknown and unsupported fields inside the options of a request. */
export function checkResponseOptions(body: object, compatibility: Compatibility): void {
  checkOptionFields(body, OPTION_FIELDS, compatibility);
}

function pickFields(...names: readonly string[]): Fields {
  return Object.fromEntries(names.map((name) => [name, RESPONSE_FIELDS[name]!]));
}
