import { accepted, emulated, ignored, mapped, oneOf, refused, type Field, type Fields } from './fields.ts';

/** Returns the keys of an object itself, since a value may be nested without end; undefined for any other value. */
export const keysOf = (value: unknown) =>
  typeof value === 'object' && !Array.isArray(value) ? Object.keys(value ?? {}) : undefined;
const emptyObject = (value: unknown) => keysOf(value)?.length === 0;

/** Returns the verdict on a sampling option, for which Codex's models have a single value. */
const sampling = (value: number): Field =>
  ignored(`only ${value} can be honored; these models have no other value`, {
    neutral: oneOf(value),
    supportedValue: value,
  });

/** Advice for a file that a request refers to by an id or URL. */
export const INSTEAD_OF_FILE_ID = "Send the file's text in file_data, as base64.";

/** Fields that chat completions and text completions have in common. */
export const SHARED_FIELDS = {
  frequency_penalty: sampling(0),
  logit_bias: refused('only `{}` passes', { neutral: emptyObject }),
  model: mapped('one of `GET /v1/models`; required unless the setting `defaultModel` names one'),
  n: emulated('up to 8 answers, from as many turns side by side; `usage` is their sum'),
  presence_penalty: sampling(0),
  seed: ignored('answers cannot be repeated'),
  stop: emulated('up to 64; the text is cut before the first match, and the turn ends'),
  stream: mapped('server-sent events'),
  stream_options: mapped('`include_usage`; `include_obfuscation` has no effect'),
  temperature: sampling(1),
  top_p: sampling(1),
} as const satisfies Fields;

/** Verdict on a token limit that is not enforced. */
export const IGNORED_LIMIT = ignored(
  'emulated with the setting `maxTokens` at `enforce`, by counting the text',
);
/** Verdict on a token limit that is enforced. */
export const ENFORCED_LIMIT = emulated('the text is cut');

export const STREAM_OPTIONS_FIELDS: Fields = {
  include_usage: mapped('usage in the last chunk'),
  include_obfuscation: accepted('nothing is padded'),
};

/** Fields that chat completions and responses have in common. */
export const CHAT_AND_RESPONSES_FIELDS = {
  moderation: ignored('refused with a `policy`, which could block an answer', {
    refuses: (value) => keysOf(value)?.includes('policy') ?? false,
  }),
  parallel_tool_calls: emulated('with `false` an answer has one call; a second one ends it'),
  prompt_cache_key: ignored('Codex sends a key of its own for each conversation'),
  prompt_cache_options: ignored('the same as `prompt_cache_key`'),
  prompt_cache_retention: ignored('the same as `prompt_cache_key`'),
  safety_identifier: accepted('Codex does not send it'),
  service_tier: mapped(
    '`auto`, `default`, `flex`, `priority`, `fast`; the answer states the one that was requested',
  ),
  top_logprobs: refused('only `0` passes', { neutral: oneOf(0) }),
  user: accepted('the same as `safety_identifier`'),
} as const satisfies Fields;

const TYPE = mapped('the kind');

/** Fields of the object that holds the JSON schema of an answer. */
export const JSON_SCHEMA_FIELDS: Fields = {
  name: accepted('Codex gives the schema its own name'),
  description: ignored('the schema has its own descriptions'),
  schema: mapped('the schema'),
  strict: mapped('enforced by the provider or not'),
};

/** Fields of `text` in the body of a Responses request. */
export const TEXT_FIELDS: Fields = {
  format: mapped('the format of the answer'),
  verbosity: mapped('the verbosity of the answer'),
};

/** Fields of `text.format`, which has the schema beside its type. */
export const TEXT_FORMAT_FIELDS: Fields = { type: TYPE, ...JSON_SCHEMA_FIELDS };

/** Fields of an approximate location for web search. */
export const PLACE_FIELDS: Fields = {
  city: mapped('the city'),
  country: mapped('the country'),
  region: mapped('the region'),
  timezone: mapped('the time zone'),
};
