import { ignored, mapped, only, refused, type Fields } from '../../request/fields.ts';
import { JSON_SCHEMA_FIELDS } from '../../request/option-fields.ts';

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
