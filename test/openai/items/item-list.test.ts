import { describe, expect, it } from 'vitest';
import type { GatewayError } from '../../../src/base/errors.ts';
import { decodeListQuery, encodeItemList } from '../../../src/openai/items/item-list.ts';
import { decodeInclude, type Query } from '../../../src/openai/request/query.ts';

const ITEMS = Array.from({ length: 45 }, (_, index) => ({ id: `msg_${index}`, type: 'message' }));

interface Page {
  readonly data: readonly { readonly id: string }[];
  readonly first_id: string;
  readonly last_id: string;
  readonly has_more: boolean;
}

const page = (query: Query, items: readonly { readonly id: string }[] = ITEMS) =>
  encodeItemList(items, decodeListQuery(query)) as unknown as Page;

function refusal(query: Query) {
  try {
    page(query);
  } catch (error) {
    const { code, detail } = error as GatewayError;
    return { code, param: detail.param };
  }
  throw new Error('it was not refused');
}

/** All pages, as clients turn them. */
function all(query: Query, items: readonly { readonly id: string }[] = ITEMS): string[] {
  const ids: string[] = [];
  for (let after = ''; ;) {
    const { data, last_id: last, has_more: more } = page({ ...query, after }, items);
    ids.push(...data.map(({ id }) => id));
    if (!more) return ids;
    after = last;
  }
}

describe('a list of items', () => {
  it('returns the newest 20 items by default', () => {
    const { data, ...rest } = page({});
    expect(data).toHaveLength(20);
    expect(rest).toEqual({ object: 'list', first_id: 'msg_44', last_id: 'msg_25', has_more: true });
  });

  it.each(['1', '7', '44', '45', '100'])(
    'returns each item exactly once over pages of %s, in either order',
    (limit) => {
      const ids = ITEMS.map(({ id }) => id);
      expect(all({ limit, order: 'asc' })).toEqual(ids);
      expect(all({ limit, order: 'desc' })).toEqual(ids.toReversed());
    },
  );

  it('may be empty', () => {
    expect(page({}, [])).toEqual({ object: 'list', data: [], first_id: '', last_id: '', has_more: false });
    expect(page({ after: 'msg_0' }).data).toEqual([]);
  });

  it('lists an item that occurs twice only once, at its last place', () => {
    const twice = [
      { id: 'a' },
      { id: 'b', from: 'before' },
      { id: 'c' },
      { id: 'b', from: 'after' },
      { id: 'd' },
    ];
    const oldestFirst = { limit: '1', order: 'asc' };
    expect(page({ order: 'asc' }, twice).data).toEqual([twice[0], twice[2], twice[3], twice[4]]);
    expect(all(oldestFirst, twice)).toEqual(['a', 'c', 'b', 'd']);
  });

  it('refuses to start after an item that does not exist', () => {
    expect(refusal({ after: 'msg_x' })).toEqual({ code: 'item_not_found', param: 'after' });
  });

  it.each([
    ['limit', { limit: '0' }],
    ['limit', { limit: '101' }],
    ['limit', { limit: '1.5' }],
    ['limit', { limit: 'many' }],
    ['limit', { limit: ['1', '2'] }],
    ['after', { after: ['a', 'b'] }],
    ['order', { order: 'newest' }],
  ])('refuses an invalid %s: %j', (param, query) => {
    expect(refusal(query)).toEqual({ code: 'invalid_value', param });
  });

  it('shows encrypted reasoning only to clients that ask for it', () => {
    const items = [{ id: 'rs_1', type: 'reasoning', summary: [], encrypted_content: 'sealed' }];
    expect(page({}, items).data).toEqual([{ id: 'rs_1', type: 'reasoning', summary: [] }]);
    expect(page({ include: 'reasoning.encrypted_content' }, items).data).toEqual(items);
  });
});

it.each([
  [{ include: 'a' }],
  [{ include: ['a'] }],
  [{ 'include[]': 'a' }],
  [{ 'include[]': ['a', 'a'] }],
  [{ 'include[0]': 'a' }],
])('include is read from the query %j', (query) => {
  expect(decodeInclude({ ...query, included: 'b' })).toEqual(new Set(['a']));
});
