import { ignored, mapped, oneOf, type Fields } from '../request/fields.ts';

const TYPE = mapped('the kind');

const directOnly = (value: unknown) => Array.isArray(value) && value.length === 1 && value[0] === 'direct';

const COMMON: Fields = {
  type: TYPE,
  name: mapped('its name'),
  description: mapped('what it is for'),
  defer_loading: ignored('a function is available from the start', {
    neutral: oneOf(false),
  }),
  async: ignored('each call needs its result before the model continues', { neutral: oneOf(false) }),
  allowed_callers: ignored('only the model itself can call', { neutral: directOnly }),
};

/** The nested shape of a tool. */
export const TOOL_FIELDS: Fields = {
  type: TYPE,
  function: mapped('a function'),
  custom: mapped('a custom tool'),
};

export const FUNCTION_FIELDS: Fields = {
  ...COMMON,
  parameters: mapped('the schema of its arguments'),
  strict: mapped('reported as an adjustment'),
  output_schema: ignored('Codex has no place for it'),
};

export const CUSTOM_TOOL_FIELDS: Fields = { ...COMMON, format: mapped('part of the description') };

/** Fields of a choice by name, nested or flat, or of the allowed tools. */
export const TOOL_CHOICE_FIELDS: Fields = {
  type: TYPE,
  name: mapped('the tool'),
  function: mapped('the tool'),
  custom: mapped('the tool'),
  allowed_tools: mapped('the tools and their mode'),
  tools: mapped('the tools'),
  mode: mapped('whether one must be called'),
};
