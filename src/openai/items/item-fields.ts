import { accepted, ignored, mapped, oneOf, type Fields } from '../request/fields.ts';

// Fields that several kinds of items share.

const TYPE = mapped('the type of the item');
const FROM_ANSWER = accepted('clients send back what an answer contained');

/** Every item may have these. */
export const COMMON: Fields = {
  type: TYPE,
  id: FROM_ANSWER,
  status: FROM_ANSWER,
  internal_chat_message_metadata_passthrough: accepted('internal to Codex'),
};

const isDirect = (value: unknown) => (value as { type?: unknown }).type === 'direct';
const CALLER = ignored('only the model itself calls tools', { neutral: isDirect });

/** Fields of a call, except its arguments. */
export const CALL: Fields = {
  ...COMMON,
  call_id: mapped('the id to which the result refers'),
  name: mapped('the name of the tool'),
  namespace: mapped('the namespace of the tool'),
  async: ignored('the model waits for the result of each call', { neutral: oneOf(false) }),
  caller: CALLER,
};

export const CALL_OUTPUT: Fields = {
  ...COMMON,
  call_id: mapped('the id of the call'),
  output: mapped('text or parts'),
  name: accepted('known from the call'),
  namespace: accepted('known from the call'),
  caller: CALLER,
};

export const SENT = mapped('goes to Codex as it came');
export const PASSTHROUGH: Fields = { ...COMMON, type: SENT, id: SENT };
export const TOOL_SEARCH: Fields = { ...PASSTHROUGH, status: SENT, call_id: SENT, execution: SENT };

export const IN_MESSAGE = mapped('part of the message that replaces the item');
export const PROVIDER_DETAIL = accepted('a detail of how the provider ran the tool');
