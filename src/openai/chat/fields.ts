import {
  accepted,
  emulated,
  ignored,
  isEmptyList,
  mapped,
  oneOf,
  refused,
  type Fields,
} from '../request/fields.ts';
import {
  CHAT_AND_RESPONSES_FIELDS,
  ENFORCED_LIMIT,
  IGNORED_LIMIT,
  INSTEAD_OF_FILE_ID,
  SHARED_FIELDS,
} from '../request/shared-fields.ts';

const textOnly = (value: unknown) => Array.isArray(value) && value.length === 1 && value[0] === 'text';

/** Every field of a chat completion request and the verdict on it; the table in the documentation is generated from it. */
export const CHAT_FIELDS: Fields = {
  ...SHARED_FIELDS,
  ...CHAT_AND_RESPONSES_FIELDS,
  audio: refused('answers are not spoken'),
  function_call: mapped('the same as `tool_choice`; the answer has `message.function_call`'),
  functions: mapped('the same as `tools`'),
  logprobs: refused('only `false` passes', { neutral: oneOf(false) }),
  max_completion_tokens: IGNORED_LIMIT,
  max_tokens: ignored('the same as `max_completion_tokens`'),
  messages: mapped('every role; text, images, text files, refusals, tool calls and their results'),
  metadata: accepted('up to 16 pairs; returned in an answer that is not streamed; nothing is stored'),
  modalities: refused('only `["text"]` passes', { neutral: textOnly }),
  prediction: ignored('it could only speed up an answer'),
  reasoning_effort: mapped(
    'an effort that the model does not support becomes the nearest one that it does, which the header reports',
  ),
  response_format: mapped(
    'strict schemas are enforced by the provider, others and `json_object` by the gateway; see [Structured output](../tools-and-structured-output.md#structured-output)',
  ),
  store: ignored('only `false` can be honored, because these answers are not stored', {
    neutral: oneOf(false),
  }),
  tool_choice: emulated(
    '`auto`, `none`, `required`, a tool by name, `allowed_tools`; see [Guaranteed calls](../tools-and-structured-output.md#guaranteed-calls)',
  ),
  tools: mapped('functions, and `custom` tools as functions with one text parameter'),
  verbosity: mapped('`low`, `medium`, `high`'),
  web_search_options: mapped("the provider's own web search, for this request"),
};

/** Fields of other services that clients send to every service; any other unknown field is ignored with a notice. */
export const FURTHER_CHAT_FIELDS: Fields = {
  reasoning: mapped(
    '`effort` is the same as `reasoning_effort`; the setting `reasoningSummary` applies instead of `summary`',
  ),
};

/** Fields that the body of a Responses request has in addition to those of a chat completion. */
export const RESPONSES_BODY_FIELDS: Fields = {
  background: refused('the client waits for the answer', { neutral: oneOf(false) }),
  include: ignored('a chat completion has nothing more to include', { neutral: isEmptyList }),
  input: mapped('the same as `messages`'),
  instructions: mapped('a developer message before them'),
  max_output_tokens: IGNORED_LIMIT,
  previous_response_id: refused('these answers are not stored'),
  text: mapped('`format`, the same as `response_format`, and `verbosity`'),
  truncation: ignored('nothing is ever cut', { neutral: oneOf('disabled') }),
};

/** Verdicts on token limits when they are enforced. */
export const ENFORCED_CHAT_LIMIT_FIELDS: Fields = {
  max_tokens: ENFORCED_LIMIT,
  max_completion_tokens: ENFORCED_LIMIT,
};

/** The same for the body of a Responses request. */
export const ENFORCED_RESPONSES_BODY_LIMIT_FIELDS: Fields = {
  ...ENFORCED_CHAT_LIMIT_FIELDS,
  max_output_tokens: ENFORCED_LIMIT,
};

const MESSAGE_FIELDS: Fields = {
  content: mapped('text or parts'),
  role: mapped('the role'),
  name: ignored('models do not see names of participants'),
};

/** Fields of messages by role. Clients send answers back as they received them, with fields that mean nothing here. */
export const FIELDS_OF_ROLE = {
  system: MESSAGE_FIELDS,
  developer: MESSAGE_FIELDS,
  user: MESSAGE_FIELDS,
  assistant: {
    ...MESSAGE_FIELDS,
    refusal: mapped('text'),
    tool_calls: mapped('calls'),
    function_call: mapped('a call'),
    annotations: accepted('part of the answer'),
    reasoning_content: accepted('a summary, which the model does not read'),
    reasoning: accepted('the same as `reasoning_content`'),
    audio: refused('audio is not supported'),
  },
  tool: { ...MESSAGE_FIELDS, tool_call_id: mapped('its call') },
  function: { ...MESSAGE_FIELDS, name: mapped('its call') },
} as const satisfies Record<string, Fields>;

const TYPE = mapped('the kind');

const TEXT_PART: Fields = { type: TYPE, text: mapped('text') };

/** Fields of content parts by type, including the types that the Responses API has for texts and some clients send here. */
export const PART_FIELDS = {
  text: TEXT_PART,
  input_text: TEXT_PART,
  output_text: {
    ...TEXT_PART,
    annotations: accepted('part of the answer'),
    logprobs: accepted('part of the answer'),
  },
  refusal: { type: TYPE, refusal: mapped('text') },
  image_url: { type: TYPE, image_url: mapped('an image') },
  file: { type: TYPE, file: mapped('a text file') },
} as const satisfies Record<string, Fields>;

export const CALL_FIELDS: Fields = {
  id: mapped('its result refers to it'),
  type: TYPE,
  function: mapped('name and arguments'),
  custom: mapped('name and input'),
  index: accepted('part of a stream'),
};

export const IMAGE_URL_FIELDS: Fields = { url: mapped('the image'), detail: mapped('its detail') };

export const FILE_FIELDS: Fields = {
  file_data: mapped('its text'),
  filename: mapped('its name'),
  file_id: refused('files are not stored', { advice: INSTEAD_OF_FILE_ID }),
};

export const REASONING_FIELDS: Fields = {
  effort: mapped('the same as `reasoning_effort`'),
  summary: ignored('the setting `reasoningSummary` decides', { neutral: oneOf('auto') }),
};

export const WEB_SEARCH_FIELDS: Fields = {
  search_context_size: mapped('how much is read'),
  user_location: mapped('location of the user'),
};

export const LOCATION_FIELDS: Fields = { type: TYPE, approximate: mapped('the place') };

/** Fields of `response_format`. */
export const FORMAT_FIELDS: Fields = { type: TYPE, json_schema: mapped('the schema and its name') };

/** Fields of `text.format` without a schema. */
export const FLAT_FORMAT_FIELDS: Fields = { type: TYPE };
