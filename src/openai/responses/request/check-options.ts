import { isJsonObject, type JsonObject } from '../../../base/json.ts';
import { valueAt } from '../../../base/json-path.ts';
import type { Compatibility } from '../../request/compatibility.ts';
import { checkFields, type Fields } from '../../request/fields.ts';
import { TEXT_FIELDS, TEXT_FORMAT_FIELDS } from '../../request/shared-fields.ts';
import {
  CONVERSATION_FIELDS,
  IMAGE_FIELDS,
  MULTI_AGENT_FIELDS,
  REASONING_FIELDS,
  STREAM_OPTIONS_FIELDS,
} from './request-fields.ts';

/** The options that are objects themselves. */
const OPTIONS: readonly (readonly [path: readonly string[], fields: Fields])[] = [
  [['stream_options'], STREAM_OPTIONS_FIELDS],
  [['conversation'], CONVERSATION_FIELDS],
  [['image'], IMAGE_FIELDS],
  [['multi_agent'], MULTI_AGENT_FIELDS],
  [['reasoning'], REASONING_FIELDS],
  [['text'], TEXT_FIELDS],
  [['text', 'format'], TEXT_FORMAT_FIELDS],
];

/** Leaves out, or refuses, what the options of a request hold beside what is known of them. */
export function checkOptions(body: JsonObject, compatibility: Compatibility): void {
  for (const [path, fields] of OPTIONS) {
    const option = valueAt(body, path);
    if (isJsonObject(option)) checkFields(option, fields, path, compatibility);
  }
}
