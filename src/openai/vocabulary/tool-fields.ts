import { ignored, mapped, only, type Fields } from '../request/fields.ts';

const TYPE = mapped('the kind');

const directOnly = (value: unknown) => Array.isArray(value) && value.length === 1 && value[0] === 'direct';

const OFFER: Fields = {
  type: TYPE,
  name: mapped('its name'),
  description: mapped('what it is for'),
  defer_loading: ignored('a tool that goes up as a function is there from the start', {
    neutral: only(false),
  }),
  async: ignored('each call needs its result before the model goes on', { neutral: only(false) }),
  allowed_callers: ignored('only the model itself calls', { neutral: directOnly }),
};

/** The nested shape of a tool. */
export const TOOL_FIELDS: Fields = {
  type: TYPE,
  function: mapped('a function'),
  custom: mapped('a custom tool'),
};

export const FUNCTION_FIELDS: Fields = {
  ...OFFER,
  parameters: mapped('the schema of its arguments'),
  strict: mapped('told as an adjustment'),
  output_schema: ignored('Codex has no place for it'),
};

export const CUSTOM_TOOL_FIELDS: Fields = { ...OFFER, format: mapped('told in the description') };

/** A choice by name, nested or flat, or of the tools that are allowed. */
export const TOOL_CHOICE_FIELDS: Fields = {
  type: TYPE,
  name: mapped('the tool'),
  function: mapped('the tool'),
  custom: mapped('the tool'),
  allowed_tools: mapped('the tools and their mode'),
  tools: mapped('the tools'),
  mode: mapped('whether one must be called'),
};
