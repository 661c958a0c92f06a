import type { Steps } from '../../base/async/steps.ts';
import type { JsonObject } from '../../base/json.ts';
import type { Item } from '../../conversation/item.ts';
import { decodeChatInput } from '../items/decode-input.ts';
import type { LinkOptions } from '../items/link-calls.ts';
import type { Compatibility } from '../request/compatibility.ts';
import { decodeBody } from '../request/decode-body.ts';
import type { Fields, OptionFields } from '../request/fields.ts';
import {
  PLACE_FIELDS,
  STREAM_OPTIONS_FIELDS,
  TEXT_FIELDS,
  TEXT_FORMAT_FIELDS,
} from '../request/shared-fields.ts';
import { decodeMessages } from './decode-messages.ts';
import {
  ENFORCED_CHAT_LIMIT_FIELDS,
  FURTHER_CHAT_FIELDS,
  LOCATION_FIELDS,
  REASONING_FIELDS,
  CHAT_FIELDS,
  RESPONSES_BODY_FIELDS,
  ENFORCED_RESPONSES_BODY_LIMIT_FIELDS,
  WEB_SEARCH_FIELDS,
} from './fields.ts';
import { chatRequestSchema, responsesSpellingSchema, type ChatBody } from './schema.ts';

/** One of the two ways to write the body of a chat completion request. */
export interface Spelling {
  readonly fields: Fields;
  /** Fields whose verdict changes when token limits are enforced. */
  readonly enforcedLimits: Fields;
  /** Fields of options that are objects themselves. */
  readonly optionFields: OptionFields;
  /** Results may stand apart from their calls in a list of Responses items. */
  readonly results: LinkOptions['results'];
  decodeBody(body: JsonObject): ChatBody;
  decodeItems(body: JsonObject, compatibility: Compatibility): Steps<Item[]>;
}

const OPTION_FIELDS: OptionFields = {
  stream_options: STREAM_OPTIONS_FIELDS,
  reasoning: REASONING_FIELDS,
  web_search_options: WEB_SEARCH_FIELDS,
  'web_search_options.user_location': LOCATION_FIELDS,
  'web_search_options.user_location.approximate': PLACE_FIELDS,
};

const FIELDS: Fields = { ...CHAT_FIELDS, ...FURTHER_CHAT_FIELDS };

const CHAT_SPELLING: Spelling = {
  fields: FIELDS,
  enforcedLimits: ENFORCED_CHAT_LIMIT_FIELDS,
  optionFields: OPTION_FIELDS,
  results: 'adjacent',
  decodeBody: (body) => decodeBody(chatRequestSchema, body),
  decodeItems: decodeMessages,
};

const RESPONSES_SPELLING: Spelling = {
  fields: { ...FIELDS, ...RESPONSES_BODY_FIELDS },
  enforcedLimits: ENFORCED_RESPONSES_BODY_LIMIT_FIELDS,
  optionFields: { ...OPTION_FIELDS, text: TEXT_FIELDS, 'text.format': TEXT_FORMAT_FIELDS },
  results: 'anywhere',
  decodeBody: (body) => decodeBody(responsesSpellingSchema, body),
  decodeItems: decodeChatInput,
};

/** Returns the spelling of a body: some clients send a Responses request here and expect a chat completion. */
export function spellingOf({ messages, input }: JsonObject): Spelling {
  return (messages ?? null) === null && (input ?? null) !== null ? RESPONSES_SPELLING : CHAT_SPELLING;
}
