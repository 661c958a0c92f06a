import { isJsonObject } from '../../../base/json.ts';
import type { JsonPath } from '../../../base/json-path.ts';
import type { WebSearch } from '../../../conversation/turn.ts';
import type { Compatibility } from '../../request/compatibility.ts';
import { decodeValue } from '../../request/decode-body.ts';
import { accepted, checkFields, ignored, mapped, oneOf, type Fields } from '../../request/fields.ts';
import { PLACE_FIELDS } from '../../request/shared-fields.ts';
import { webSearchToolSchema } from './request-schema.ts';

const TYPE = mapped('the kind');

const WEB_SEARCH_FIELDS: Fields = {
  type: TYPE,
  search_context_size: mapped('how much is read'),
  user_location: mapped('where the user is'),
  filters: mapped('which domains are searched'),
  external_web_access: ignored('the web itself is searched', { neutral: oneOf(true) }),
  search_content_types: ignored('Codex decides'),
};

const LOCATION_FIELDS: Fields = { ...PLACE_FIELDS, type: accepted('`approximate`') };

const FILTER_FIELDS: Fields = { allowed_domains: mapped('these alone') };

/** A tool of the type `web_search`, or as it was called before. */
export function decodeWebSearch(tool: object, place: JsonPath, compatibility: Compatibility): WebSearch {
  const { search_context_size, user_location, filters } = decodeValue(webSearchToolSchema, tool, place);
  checkFields(tool, WEB_SEARCH_FIELDS, place, compatibility);
  const { user_location: location, filters: filter } = tool as Record<string, unknown>;
  if (isJsonObject(location))
    checkFields(location, LOCATION_FIELDS, [...place, 'user_location'], compatibility);
  if (isJsonObject(filter)) checkFields(filter, FILTER_FIELDS, [...place, 'filters'], compatibility);
  const { city, country, region, timezone } = user_location ?? {};
  return {
    contextSize: search_context_size ?? undefined,
    allowedDomains: filters?.allowed_domains ?? undefined,
    location: user_location ? { city, country, region, timezone } : undefined,
  };
}
