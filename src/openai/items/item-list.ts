import { z } from 'zod';
import { GatewayError } from '../../base/errors.ts';
import { excerpt } from '../../base/excerpt.ts';
import type { JsonObject } from '../../base/json.ts';
import { decodeValue } from '../request/decode-body.ts';
import { decodeInclude, type Query } from '../request/query.ts';
import { applyInclude } from './apply-include.ts';

/** The part of a list that a client requests. */
export interface ListQuery {
  readonly limit: number;
  /** The id of the item before the first one. */
  readonly after: string | undefined;
  readonly order: 'asc' | 'desc';
  readonly include: ReadonlySet<string>;
}

const MAX_LIMIT = 100;
const LIMIT = { error: `expected a number from 1 to ${MAX_LIMIT}` };

const listSchema = z.object({
  limit: z.coerce.number(LIMIT).int(LIMIT).min(1, LIMIT).max(MAX_LIMIT, LIMIT).default(20),
  after: z.string().optional(),
  order: z.enum(['asc', 'desc']).default('desc'),
});

/** Throws a `GatewayError` that names the parameter. */
export function decodeListQuery(query: Query): ListQuery {
  const { limit, after, order } = decodeValue(listSchema, query, []);
  // Clients also send the `last_id` of an empty list.
  return { limit, after: after === '' ? undefined : after, order, include: decodeInclude(query) };
}

/** Encodes one page of the items, which are sorted oldest first. Throws if the item to start after does not exist. */
export function encodeItemList(items: readonly JsonObject[], query: ListQuery): JsonObject {
  const { limit, order, include } = query;
  const distinct = distinctOf(items);
  const ordered = order === 'asc' ? distinct : distinct.toReversed();
  const start = startOf(ordered, query);
  const page = ordered.slice(start, start + limit).map((item) => applyInclude(item, include));
  return encodePage(page, start + limit < ordered.length);
}

/** Encodes a page of a list. `first_id` and `last_id` of an empty page are empty strings, since SDKs declare them as strings. */
export function encodePage(data: readonly JsonObject[], hasMore: boolean): JsonObject {
  const [first, last] = [data[0], data.at(-1)];
  return { object: 'list', data, first_id: first?.id ?? '', last_id: last?.id ?? '', has_more: hasMore };
}

/** Returns the items without those that a later item with the same id replaces: paging past a repeated id would never end. */
function distinctOf(items: readonly JsonObject[]): JsonObject[] {
  const lastIndexes = new Map(items.map(({ id }, index) => [id, index]));
  return items.filter(({ id }, index) => id === undefined || lastIndexes.get(id) === index);
}

function startOf(ordered: readonly JsonObject[], { after }: ListQuery): number {
  if (after === undefined) return 0;
  const index = ordered.findIndex(({ id }) => id === after);
  if (index >= 0) return index + 1;
  throw new GatewayError(
    'item_not_found',
    `Item with id '${excerpt(after)}' not found. Send the id of an item in the list as 'after'.`,
    { param: 'after' },
  );
}
