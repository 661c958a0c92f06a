import { JSON_SCHEMA_FIELDS } from '../chat/fields.ts';
import { accepted, ignored, mapped, only, refused, type Fields } from '../fields.ts';

const emptyList = (value: unknown) => Array.isArray(value) && value.length === 0;

/** What the body of a Responses request has beside the fields of a chat completion. */
export const BODY_FIELDS: Fields = {
  background: refused('an answer is waited for', { neutral: only(false) }),
  include: ignored('nothing more is told', { neutral: emptyList }),
  input: mapped('as `messages`'),
  instructions: mapped('as a developer message before them'),
  max_output_tokens: mapped('as `max_completion_tokens`'),
  previous_response_id: refused('answers are not kept'),
  text: mapped('`format`, as `response_format`, and `verbosity`'),
  truncation: ignored('nothing is ever cut', { neutral: only('disabled') }),
};

export const TEXT_FIELDS: Fields = {
  format: mapped('as `response_format`'),
  verbosity: mapped('as `verbosity`'),
};

const TYPE = mapped('the kind');

/** The schema stands beside the type. */
export const TEXT_FORMAT_FIELDS: Fields = { type: TYPE, ...JSON_SCHEMA_FIELDS };

/** Clients send back items as they got them. */
const ITEM: Fields = {
  type: TYPE,
  id: accepted('told by the answer'),
  status: accepted('told by the answer'),
};

const CALL: Fields = {
  ...ITEM,
  call_id: mapped('by which its result refers to it'),
  name: mapped('its name'),
};

const OUTPUT: Fields = {
  ...ITEM,
  call_id: mapped('its call'),
  output: mapped('text or parts'),
};

/** What an input item of each kind may hold. */
export const ITEM_FIELDS = {
  message: {
    ...ITEM,
    role: mapped('the role'),
    content: mapped('text or parts'),
    name: ignored('the models know no names'),
    phase: accepted('told by the answer'),
  },
  function_call: { ...CALL, arguments: mapped('its arguments') },
  function_call_output: OUTPUT,
  custom_tool_call: { ...CALL, input: mapped('its input') },
  custom_tool_call_output: OUTPUT,
  // It is left out as a whole.
  reasoning: {
    ...ITEM,
    summary: accepted('left out with its item'),
    content: accepted('left out with its item'),
    encrypted_content: accepted('left out with its item'),
  },
} as const satisfies Record<string, Fields>;

const TEXT: Fields = {
  type: TYPE,
  text: mapped('text'),
  annotations: accepted('told by the answer'),
  logprobs: accepted('told by the answer'),
};

/** What a content part of each kind may hold. */
export const PART_FIELDS = {
  input_text: TEXT,
  output_text: TEXT,
  text: TEXT,
  refusal: { type: TYPE, refusal: mapped('text') },
  input_image: {
    type: TYPE,
    image_url: mapped('the image'),
    detail: mapped('its detail'),
    file_id: refused('files are not kept'),
  },
  input_file: {
    type: TYPE,
    file_data: mapped('its text'),
    filename: mapped('its name'),
    file_id: refused('files are not kept'),
    file_url: refused('files are not fetched'),
  },
} as const satisfies Record<string, Fields>;
