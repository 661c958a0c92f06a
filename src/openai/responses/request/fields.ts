import { accepted, ignored, mapped, only, refused, type Fields } from '../../request/fields.ts';
import { JSON_SCHEMA_FIELDS } from '../../request/option-fields.ts';
import { INSTEAD_OF_FILE_ID } from '../../request/shared-fields.ts';

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

const CACHE_BREAKPOINT = ignored('as `prompt_cache_options`');

const TEXT: Fields = {
  type: TYPE,
  text: mapped('text'),
  annotations: accepted('told by the answer'),
  logprobs: accepted('told by the answer'),
  prompt_cache_breakpoint: CACHE_BREAKPOINT,
};

const INSTEAD_OF_IMAGE_ID = 'Send the image in image_url, as a base64 data URL or an http(s) URL.';

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
    file_id: refused('files are not kept', { advice: INSTEAD_OF_IMAGE_ID }),
    prompt_cache_breakpoint: CACHE_BREAKPOINT,
  },
  input_file: {
    type: TYPE,
    file_data: mapped('its text'),
    filename: mapped('its name'),
    file_id: refused('files are not kept', { advice: INSTEAD_OF_FILE_ID }),
    file_url: refused('files are not fetched', { advice: INSTEAD_OF_FILE_ID }),
    detail: ignored('a text has none'),
    prompt_cache_breakpoint: CACHE_BREAKPOINT,
  },
} as const satisfies Record<string, Fields>;
