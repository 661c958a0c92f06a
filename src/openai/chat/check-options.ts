import { isJsonObject, type JsonObject } from '../../base/json.ts';
import { valueAt } from '../../base/json-path.ts';
import type { Compatibility } from '../request/compatibility.ts';
import { checkFields, type Fields } from '../request/fields.ts';
import { invalidValue } from '../request/refusals.ts';
import { PLACE_FIELDS, STREAM_OPTIONS_FIELDS } from '../request/shared-fields.ts';
import { LOCATION_FIELDS, REASONING_FIELDS, WEB_SEARCH_FIELDS } from './fields.ts';

const LOCATION = ['web_search_options', 'user_location'];

/** The options that are objects themselves. */
const OPTIONS: readonly (readonly [path: readonly string[], fields: Fields])[] = [
  [['stream_options'], STREAM_OPTIONS_FIELDS],
  [['reasoning'], REASONING_FIELDS],
  [['web_search_options'], WEB_SEARCH_FIELDS],
  [LOCATION, LOCATION_FIELDS],
  [[...LOCATION, 'approximate'], PLACE_FIELDS],
];

/** Leaves out, or refuses, what the options of a request hold beside what is known of them. */
export function checkOptions(body: JsonObject, compatibility: Compatibility): void {
  for (const [path, fields] of OPTIONS) {
    const option = valueAt(body, path);
    if (isJsonObject(option)) checkFields(option, fields, path, compatibility);
  }
  checkEffort(body, compatibility);
}

/** `reasoning_effort` goes before the other name of it. */
function checkEffort(body: JsonObject, compatibility: Compatibility): void {
  const path = ['reasoning', 'effort'];
  const [first, second] = [body.reasoning_effort ?? null, valueAt(body, path) ?? null];
  if (first === null || second === null || first === second) return;
  compatibility.ignore(path, () => invalidValue('reasoning.effort', "'reasoning_effort' stands beside it"));
}
