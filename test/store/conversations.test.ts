import { describe, expect, it } from 'vitest';
import type { ResponseStatus, Store } from '../../src/conversation/ports/store.ts';
import { openTestStore } from '../support/open-test-stores.ts';
import { message, storedResponse } from '../support/stored-response.ts';

const conversation = { id: 'c', metadata: { topic: 'weather' }, createdAt: 1_700_000_000 };

async function openWithConversation(): Promise<Store> {
  const store = await openTestStore();
  await store.saveConversation(conversation);
  return store;
}

const ids = async (store: Store) => (await store.listItems('c')).map(({ id }) => id);

describe('a conversation', () => {
  it('is returned as it was last saved', async () => {
    const store = await openWithConversation();
    expect(await store.findConversation('c')).toEqual(conversation);
    await store.addItems('c', [message('i', 'text')]);
    await store.saveConversation({ ...conversation, metadata: {} });
    expect(await store.findConversation('c')).toEqual({ ...conversation, metadata: {} });
    expect(await ids(store)).toEqual(['i']);
  });

  it('lists its items in the order in which they were added', async () => {
    const store = await openWithConversation();
    expect(await store.listItems('c')).toEqual([]);
    const items = ['z', 'a', 'm'].map((id) => message(id, id));
    expect(await store.addItems('c', items.slice(0, 2))).toBe(true);
    expect(await store.addItems('c', items.slice(2))).toBe(true);
    expect(await store.listItems('c')).toEqual(items);
  });

  it('holds an item that is added again once, at the end, in its latest form', async () => {
    const store = await openWithConversation();
    await store.addItems('c', [message('i', 'older'), message('j', 'same')]);
    await store.addItems('c', [message('i', 'newer'), message('i', 'newest')]);
    await store.addItems('c', [message('j', 'same')]);
    expect(await store.listItems('c')).toEqual([message('i', 'newest'), message('j', 'same')]);
    expect(await store.findItems(['i'])).toEqual(new Map([['i', message('i', 'newest')]]));
  });

  it('that does not exist takes no items', async () => {
    const store = await openTestStore();
    expect(await store.addItems('c', [message('i', 'text')])).toBe(false);
    expect(await store.findItems(['i'])).toEqual(new Map());
    expect(await store.findConversation('c')).toBeUndefined();
    expect(await store.listItems('c')).toEqual([]);
  });

  it('loses a deleted item, and all items when it is deleted', async () => {
    const store = await openWithConversation();
    await store.addItems('c', [message('i', 'same'), message('j', 'same')]);
    expect(await store.deleteItem('c', 'i')).toBe(true);
    expect(await store.deleteItem('c', 'i')).toBe(false);
    expect(await store.deleteItem('x', 'j')).toBe(false);
    expect(await store.listItems('c')).toEqual([message('j', 'same')]);
    expect(await store.deleteConversation('c')).toBe(true);
    expect(await store.deleteConversation('c')).toBe(false);
    expect(await store.findConversation('c')).toBeUndefined();
    expect(await store.findItems(['i', 'j'])).toEqual(new Map());
  });
});

describe('a response that belongs to a conversation', () => {
  const add = (store: Store, status: ResponseStatus, id = 'r') =>
    store.saveResponse(storedResponse(id, { status, conversationId: 'c' }));

  it.each<[ResponseStatus, string[]]>([
    ['completed', ['in_r', 'out_r']],
    ['incomplete', ['in_r']],
    ['failed', []],
    ['cancelled', []],
  ])('with the final status %s adds the items %j', async (status, expected) => {
    const store = await openWithConversation();
    await add(store, 'in_progress');
    expect(await ids(store)).toEqual([]);
    await add(store, status);
    expect(await ids(store)).toEqual(expected);
    await add(store, 'completed');
    expect(await ids(store)).toEqual(expected);
  });

  it('adds to the existing items and moves an item it repeats to the end', async () => {
    const store = await openWithConversation();
    await store.addItems('c', [message('in_r', 'older'), message('i', 'text')]);
    await add(store, 'completed');
    expect(await store.listItems('c')).toEqual([
      message('i', 'text'),
      message('in_r', 'question of r'),
      message('out_r', 'answer of r'),
    ]);
  });

  it('may hold two items with the same id', async () => {
    const store = await openWithConversation();
    const input = [message('i', 'first'), message('i', 'second')];
    expect(await store.saveResponse(storedResponse('r', { conversationId: 'c', input }))).toBe(true);
    expect(await store.listItems('c')).toEqual([input[1], message('out_r', 'answer of r')]);
  });

  it('leaves its items there when it is deleted, and keeps them when the conversation is deleted', async () => {
    const store = await openWithConversation();
    await add(store, 'completed', 'a');
    await add(store, 'completed', 'b');
    await store.deleteResponse('a');
    expect(await ids(store)).toEqual(['in_a', 'out_a', 'in_b', 'out_b']);
    await store.deleteItem('c', 'in_b');
    await store.deleteConversation('c');
    expect([...(await store.findItems(['in_a', 'in_b', 'out_b'])).keys()]).toEqual(['in_b', 'out_b']);
    expect(await store.findResponse('b')).toEqual(storedResponse('b', { conversationId: 'c' }));
  });

  it('is kept when the conversation is deleted before it completes', async () => {
    const store = await openWithConversation();
    await add(store, 'in_progress');
    await store.deleteConversation('c');
    expect(await add(store, 'completed')).toBe(true);
    expect((await store.findResponse('r'))!.status).toBe('completed');
    expect(await store.findConversation('c')).toBeUndefined();
    expect(await ids(store)).toEqual([]);
  });
});
