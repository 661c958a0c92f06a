import { describe, expect, it } from 'vitest';
import type { GatewayError } from '../../../src/base/errors.ts';
import type { JsonObject } from '../../../src/base/json.ts';
import {
  decodeConversationUpdate,
  decodeNewConversation,
  decodeNewItems,
  readItemReferences,
} from '../../../src/openai/conversations/decode.ts';
import { runAtOnce } from '../../support/run-at-once.ts';

const POLICY = { strict: false, enforceMaxTokens: false };
const CALL = { type: 'function_call', call_id: 'a', name: 'f', arguments: '{}' };
const OUTPUT = { type: 'function_call_output', call_id: 'a', output: 'done' };
const said = (content: string, more: object = {}) => ({ type: 'message', role: 'user', content, ...more });

interface Known {
  readonly history?: readonly JsonObject[];
  readonly items?: readonly JsonObject[];
}

function add(items: unknown, { history = [], items: known = [] }: Known = {}) {
  const byId = new Map(known.map((item) => [String(item.id), item]));
  const unseal = (sealed: string) => (sealed === 'ours' ? 'a summary' : undefined);
  return runAtOnce(decodeNewItems({ items }, POLICY, { references: { history, items: byId }, unseal }));
}

function refusal(work: () => unknown) {
  try {
    work();
  } catch (error) {
    const { code, detail, message } = error as GatewayError;
    return { code, param: detail.param, message };
  }
  throw new Error('it was not refused');
}

describe('new items of a conversation', () => {
  it('keep their id and status and get those that are missing', () => {
    const { items } = add([
      said('a'),
      said('b', { id: 'msg_b', status: 'incomplete' }),
      said('c', { id: '' }),
    ]);
    expect(items).toMatchObject([
      { id: expect.stringMatching(/^msg_\w{32}$/) as string, status: 'completed' },
      { id: 'msg_b', status: 'incomplete' },
      { id: expect.stringMatching(/^msg_\w{32}$/) as string },
    ]);
  });

  it('are checked against the items that are already there', () => {
    expect(add([OUTPUT, said('a')], { history: [CALL] }).items).toHaveLength(2);
    expect(add([CALL], { history: [CALL, OUTPUT] }).items).toMatchObject([CALL]);
    expect(refusal(() => add([CALL], { history: [CALL] }))).toMatchObject({ param: 'items[0]' });
    expect(refusal(() => add([OUTPUT]))).toMatchObject({ param: 'items[0]' });
  });

  it('may be messages while a call waits for its result', () => {
    expect(add([said('a')], { history: [CALL] }).items).toHaveLength(1);
    expect(add([CALL, said('a'), said('b')]).items).toHaveLength(3);
    expect(add([OUTPUT], { history: [CALL, said('a')] }).items).toHaveLength(1);
  });

  it('may repeat the id of an existing item, but not one another’s ids', () => {
    const call = { ...CALL, id: 'fc_a' };
    expect(add([call], { history: [call] }).items).toMatchObject([{ id: 'fc_a' }]);
    expect(refusal(() => add([said('a', { id: 'x' }), said('b', { id: 'x' })])).param).toBe('items[1]');
  });

  it('may be references to stored items by id', () => {
    const known = said('a', { id: 'msg_a' });
    const reference = { type: 'item_reference', id: 'msg_a' };
    expect(readItemReferences({ items: [said('b'), reference] }).itemIds).toEqual(['msg_a']);
    expect(add([reference], { items: [known] }).items).toMatchObject([{ id: 'msg_a', role: 'user' }]);
    expect(refusal(() => add([reference], { items: [known], history: [known] }))).toMatchObject({
      param: 'items[0]',
    });
  });

  it('may be a compaction made by this gateway but not one made elsewhere', () => {
    const compaction = (sealed: string) => ({ type: 'compaction', encrypted_content: sealed });
    expect(add([compaction('ours')]).items).toMatchObject([{ encrypted_content: 'ours' }]);
    expect(refusal(() => add([compaction('theirs')])).message).toContain('another gateway');
  });

  it.each([
    ['items', undefined],
    ['items', []],
    ['items', {}],
    ['items[0]', ['hello']],
    ['items[0].content', [{ role: 'user' }]],
  ])('are refused with the name of the wrong field: %s for %j', (param, items) => {
    expect(refusal(() => add(items)).param).toBe(param);
  });

  it('are refused with the name of the wrong field when only references are read', () => {
    expect(refusal(() => readItemReferences({ items: [{ type: 5 }] })).param).toBe('items[0].type');
    expect(readItemReferences({ items: 'x' }).itemIds).toEqual([]);
    expect(readItemReferences(undefined).itemIds).toEqual([]);
  });
});

describe('decoding a conversation', () => {
  const nothing = {
    references: { history: [], items: new Map<string, JsonObject>() },
    unseal: () => undefined,
  };

  it.each([undefined, {}, { items: null, metadata: null }])('makes an empty conversation from %j', (body) => {
    expect(runAtOnce(decodeNewConversation(body, POLICY, nothing))).toMatchObject({
      items: [],
      metadata: {},
    });
  });

  it('replaces the metadata on an update, and requires it', () => {
    expect(decodeConversationUpdate({ metadata: { a: 'b' } }, POLICY).metadata).toEqual({ a: 'b' });
    expect(decodeConversationUpdate({ metadata: null }, POLICY).metadata).toEqual({});
    expect(refusal(() => decodeConversationUpdate({}, POLICY))).toMatchObject({
      code: 'missing_parameter',
      param: 'metadata',
    });
  });
});
