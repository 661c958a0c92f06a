import { maskPath } from '../base/json-path.ts';
import * as chat from './chat/fields.ts';
import * as completions from './completions/fields.ts';
import * as conversations from './conversations/fields.ts';
import { HOSTED_KINDS } from './vocabulary/hosted-tools.ts';
import * as parts from './items/decode-content.ts';
import { ITEM_KINDS } from './items/item-kinds.ts';
import * as requests from './responses/request/request-fields.ts';
import * as shared from './request/shared-fields.ts';
import * as tools from './vocabulary/tool-fields.ts';

/** Names of queries, headers and JSON Schema, which no table of fields has. */
const FURTHER = [
  'additionalProperties',
  'after',
  'allOf',
  'anyOf',
  'const',
  'detail',
  'enum',
  'format',
  'include',
  'items',
  'limit',
  'order',
  'pattern',
  'properties',
  'required',
  'starting_after',
  'schema',
  'stream',
];

const TABLES = [chat, completions, conversations, parts, requests, shared, tools];

const ITEM_NAMES = Object.entries(ITEM_KINDS).flatMap(([type, kind]) => [
  type,
  ...('fields' in kind ? Object.keys(kind.fields) : []),
]);

const KNOWN: ReadonlySet<string> = new Set([
  ...FURTHER,
  ...HOSTED_KINDS,
  ...ITEM_NAMES,
  ...TABLES.flatMap(namesIn),
]);

/** Returns the names of the fields in a table, or in a record of tables. */
function namesIn(table: unknown): string[] {
  if (typeof table !== 'object' || table === null) return [];
  return Object.entries(table).flatMap(([name, value]) =>
    typeof value === 'object' && 'verdict' in (value as object) ? [name] : namesIn(value),
  );
}

/** Returns a path of a request as the log may have it: with `*` in place of every key that the caller made up. */
export function loggablePath(path: string): string {
  return maskPath(path, (key) => KNOWN.has(key));
}
