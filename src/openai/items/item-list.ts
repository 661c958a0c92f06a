import { z } from 'zod';
import { GatewayError } from '../../base/errors.ts';
import { excerpt } from '../../base/excerpt.ts';
import type { JsonObject } from '../../base/json.ts';
import { decodeValue } from '../request/decode-body.ts';
import { decodeInclude, type Query } from '../request/query.ts';
import { showItem } from './show-response.ts';

/** Which of the items are asked for. */
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
  // Clients send the `last_id` of an empty list, too.
  return { limit, after: after === '' ? undefined : after, order, include: decodeInclude(query) };
}

/** The list that is asked for of all these items, which come oldest first. Throws where there is no item to go on from. */
export function encodeItemList(items: readonly JsonObject[], query: ListQuery): JsonObject {
  const { limit, order, include } = query;
  const distinct = distinctOf(items);
  const ordered = order === 'asc' ? distinct : distinct.toReversed();
  const start = startOf(ordered, query);
  const page = ordered.slice(start, start + limit).map((item) => showItem(item, include));
  return encodePage(page, start + limit < ordered.length);
}

/** A list as clients page through it. Its ids are texts also where it is empty, as their types say. */
export function encodePage(data: readonly JsonObject[], hasMore: boolean): JsonObject {
  const [first, last] = [data[0], data.at(-1)];
  return { object: 'list', data, first_id: first?.id ?? '', last_id: last?.id ?? '', has_more: hasMore };
}

/**
 * One that is said again takes the stead of the one before, as in a conversation: whoever goes on after an id that stands
 * there twice would never come to the end.
 */
function distinctOf(items: readonly JsonObject[]): JsonObject[] {
  const places = new Map(items.map(({ id }, place) => [id, place]));
  return items.filter(({ id }, place) => id === undefined || places.get(id) === place);
}

function startOf(ordered: readonly JsonObject[], { after }: ListQuery): number {
  if (after === undefined) return 0;
  const place = ordered.findIndex(({ id }) => id === after);
  if (place >= 0) return place + 1;
  throw new GatewayError(
    'item_not_found',
    `Item with id '${excerpt(after)}' not found, after which the list was to begin.`,
    { param: 'after' },
  );
}
