import type { Steps } from '../../base/async/steps.ts';
import { isJsonObject, type JsonObject } from '../../base/json.ts';
import { valueAt, type JsonPath } from '../../base/json-path.ts';
import type { Item } from '../../conversation/item.ts';
import { decodeChatInput } from '../items/decode-input.ts';
import type { LinkOptions } from '../items/link-calls.ts';
import type { Compatibility } from '../request/compatibility.ts';
import { decodeBody } from '../request/decode-body.ts';
import { checkFields, type Fields } from '../request/fields.ts';
import {
  PLACE_FIELDS,
  STREAM_OPTIONS_FIELDS,
  TEXT_FIELDS,
  TEXT_FORMAT_FIELDS,
} from '../request/shared-fields.ts';
import { decodeMessages } from './decode-messages.ts';
import {
  ENFORCED_LIMIT_FIELDS,
  FURTHER_FIELDS,
  LOCATION_FIELDS,
  REASONING_FIELDS,
  REQUEST_FIELDS,
  RESPONSES_BODY_FIELDS,
  RESPONSES_ENFORCED_LIMIT_FIELDS,
  WEB_SEARCH_FIELDS,
} from './fields.ts';
import { chatRequestSchema, responsesSpellingSchema, type ChatBody } from './schema.ts';

type OptionFields = readonly (readonly [path: JsonPath, fields: Fields])[];

/** One of the two ways to write the body of a chat completion request. */
export interface Spelling {
  readonly fields: Fields;
  /** Fields whose treatment changes when token limits are enforced. */
  readonly enforcedLimits: Fields;
  /** Fields of options that are objects themselves. */
  readonly optionFields: OptionFields;
  /** Results may stand apart from their calls in a list of Responses items. */
  readonly results: LinkOptions['results'];
  decodeBody(body: JsonObject): ChatBody;
  decodeItems(body: JsonObject, compatibility: Compatibility): Steps<Item[]>;
}

const LOCATION = ['web_search_options', 'user_location'];

const OPTION_FIELDS: OptionFields = [
  [['stream_options'], STREAM_OPTIONS_FIELDS],
  [['reasoning'], REASONING_FIELDS],
  [['web_search_options'], WEB_SEARCH_FIELDS],
  [LOCATION, LOCATION_FIELDS],
  [[...LOCATION, 'approximate'], PLACE_FIELDS],
];

const FIELDS: Fields = { ...REQUEST_FIELDS, ...FURTHER_FIELDS };

const CHAT_SPELLING: Spelling = {
  fields: FIELDS,
  enforcedLimits: ENFORCED_LIMIT_FIELDS,
  optionFields: OPTION_FIELDS,
  results: 'adjacent',
  decodeBody: (body) => decodeBody(chatRequestSchema, body),
  decodeItems: decodeMessages,
};

const RESPONSES_SPELLING: Spelling = {
  fields: { ...FIELDS, ...RESPONSES_BODY_FIELDS },
  enforcedLimits: RESPONSES_ENFORCED_LIMIT_FIELDS,
  optionFields: [...OPTION_FIELDS, [['text'], TEXT_FIELDS], [['text', 'format'], TEXT_FORMAT_FIELDS]],
  results: 'anywhere',
  decodeBody: (body) => decodeBody(responsesSpellingSchema, body),
  decodeItems: decodeChatInput,
};

/** Returns the spelling of a body: some clients send a Responses request here and expect a chat completion. */
export function spellingOf({ messages, input }: JsonObject): Spelling {
  return (messages ?? null) === null && (input ?? null) !== null ? RESPONSES_SPELLING : CHAT_SPELLING;
}

/** Leaves out, or refuses, unknown fields of options that are objects. */
export function checkOptions(
  body: JsonObject,
  { optionFields }: Spelling,
  compatibility: Compatibility,
): void {
  for (const [path, fields] of optionFields) {
    const option = valueAt(body, path);
    if (isJsonObject(option)) checkFields(option, fields, path, compatibility);
  }
}
