import type {
  ResponseInputItem,
  ResponseItem,
  ResponseOutputItem,
} from 'openai/resources/responses/responses';
import { describe, expect, expectTypeOf, it } from 'vitest';
import type { ResponseItem as CodexItem } from '../../../generated/ResponseItem.js';
import {
  hasStatus,
  idPrefixOf,
  isHandledAs,
  ITEM_KINDS,
  ITEM_TYPES,
  itemKindOf,
  type ItemType,
  type ItemTypeOf,
} from '../../../src/openai/items/item-kinds.ts';
import { decodeResponse, refusalOf } from '../../support/decode-response.ts';

/** Every type of item in the official SDK. */
type SdkType = NonNullable<(ResponseInputItem | ResponseOutputItem | ResponseItem)['type']>;

/** Every type of item in Codex's protocol; `other` stands for those that it drops. */
type CodexType = Exclude<CodexItem['type'], 'other'>;

// Checked by the compiler: the registry lists exactly the types of the SDK and of Codex, except references, which stand for
// other items, and passes through only items that Codex does not drop.
ITEM_KINDS satisfies Readonly<Record<Exclude<SdkType, 'item_reference'> | CodexType, unknown>>;
expectTypeOf<ItemType>().toExtend<SdkType | CodexType>();
expectTypeOf<ItemTypeOf<'passthrough'>>().toExtend<CodexType>();

const known = ITEM_TYPES.filter((type) => !isHandledAs('unsupported', type));

describe('the registry of items', () => {
  it.each(known)('decides on the fields type, id and status of an item: %s', (type) => {
    const kind = itemKindOf(type)!;
    expect('fields' in kind && Object.keys(kind.fields)).toEqual(
      expect.arrayContaining(['type', 'id', 'status']),
    );
  });

  it.each(known)('decides on every field that its schema checks: %s', (type) => {
    const { fields, schema } = ITEM_KINDS[type];
    expect(Object.keys(fields)).toEqual(expect.arrayContaining(Object.keys(schema.shape)));
  });

  it('gives each type its own id prefix, or the common one', () => {
    const prefixes = known.map(idPrefixOf).filter((prefix) => prefix !== 'item_');
    expect(new Set(prefixes).size).toBe(prefixes.length);
    expect(prefixes.every((prefix) => /^[a-z]+_$/.test(prefix))).toBe(true);
  });

  it.each(['foo', 'constructor', 'toString', 'item_reference'])('knows nothing of the type %s', (type) => {
    expect(itemKindOf(type)).toBeUndefined();
    expect(hasStatus(type)).toBe(false);
    expect(idPrefixOf(type)).toBe('item_');
    expect(isHandledAs('decoded', type)).toBe(false);
  });

  const linked = ITEM_TYPES.flatMap((type) => {
    const kind = ITEM_KINDS[type];
    return 'link' in kind ? [[type, kind.link] as const] : [];
  });

  it.each(linked)('%s is a %s, which has a counterpart in the conversation', (type, link) => {
    const given = { call_id: 'a', name: 'f', arguments: '{}', input: 'x', output: 'x', tools: [] };
    const decode = () => decodeResponse({ input: [{ type, ...given }] });
    const missing = { call: 'no result follows', result: 'no call before it' };
    expect(refusalOf(decode).message).toContain(missing[link]);
  });
});

it.each(ITEM_TYPES.filter((type) => isHandledAs('unsupported', type)))(
  'an item of an unsupported type is refused or reported as ignored: %s',
  (type) => {
    const decode = (strict: boolean) =>
      decodeResponse({ input: [{ type }, { role: 'user', content: 'x' }] }, { policy: { strict } });
    expect(refusalOf(() => decode(true))).toMatchObject({ code: 'unsupported_parameter', param: 'input[0]' });
    if (ITEM_KINDS[type].verdict.verdict === 'ignored')
      expect([...decode(false).compatibility.ignored]).toEqual(['input[]']);
    else expect(refusalOf(() => decode(false)).message).toContain(ITEM_KINDS[type].verdict.note);
  },
);
