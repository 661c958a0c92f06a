import { statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Store } from '../../src/conversation/ports/store.ts';
import { openTestStore, openTestStores, PLENTY } from '../support/open-test-stores.ts';
import { message, storedResponse } from '../support/stored-response.ts';

const DAY = 86_400_000;
const HOUR = 3_600_000;

/** A clock that stands still until it is turned, and a store of two days by it. */
async function openWithClock() {
  const clock = { time: 1_700_000_000_000 };
  const bounds = { days: 2, count: 10_000 };
  const store = await openTestStore({ retention: bounds, now: () => clock.time });
  return { clock, store };
}

/** Returns the responses that exist, without marking them as used. */
async function present(store: Store, ids: readonly string[]): Promise<string[]> {
  const found = await Promise.all(ids.map(async (id) => [id, await store.findResponse(id)] as const));
  return found.filter(([, response]) => response !== undefined).map(([id]) => id);
}

const conversation = (id: string) => ({ id, metadata: {}, createdAt: 1 });

describe('the age limit', () => {
  it('deletes responses and conversations that were unused for too many days, with their items', async () => {
    const { clock, store } = await openWithClock();
    await store.saveResponse(storedResponse('a'));
    await store.saveConversation(conversation('c'));
    await store.addItems('c', [message('i', 'text')]);
    clock.time += DAY;
    await store.saveResponse(storedResponse('b'));
    clock.time += DAY + 1;
    await store.saveResponse(storedResponse('now'));
    expect(await present(store, ['a', 'b', 'now'])).toEqual(['b', 'now']);
    expect(await store.findConversation('c')).toBeUndefined();
    expect(await store.findItems(['in_a', 'out_a', 'i'])).toEqual(new Map());
  });

  it.each<[string, (store: Store) => Promise<unknown>, string[]]>([
    ['read', (store) => store.findResponse('b'), ['b']],
    ['in a thread that is read', (store) => store.findResponseChain('b'), ['a', 'b']],
    ['looked up by an item', (store) => store.findItems(['out_a']), ['a']],
    ['not used', () => Promise.resolve(), []],
  ])('counts from the last use for a response that is %s', async (_name, use, expected) => {
    const { clock, store } = await openWithClock();
    await store.saveResponse(storedResponse('a'));
    await store.saveResponse(storedResponse('b', { previousId: 'a' }));
    clock.time += DAY + HOUR;
    await use(store);
    clock.time += DAY;
    await store.saveResponse(storedResponse('now'));
    expect(await present(store, ['a', 'b'])).toEqual(expected);
  });

  it.each<[string, (store: Store) => Promise<unknown>, boolean]>([
    ['found', (store) => store.findConversation('c'), true],
    ['listed', (store) => store.listItems('c'), true],
    ['added to', (store) => store.addItems('c', [message('j', 'text')]), true],
    ['answered in', (store) => store.saveResponse(storedResponse('r', { conversationId: 'c' })), true],
    ['looked up by an item', (store) => store.findItems(['i']), true],
    ['not used', () => Promise.resolve(), false],
  ])('counts from the last use for a conversation that is %s', async (_name, use, stays) => {
    const { clock, store } = await openWithClock();
    await store.saveConversation(conversation('c'));
    await store.addItems('c', [message('i', 'text')]);
    clock.time += DAY + HOUR;
    await use(store);
    clock.time += DAY;
    await store.saveResponse(storedResponse('now'));
    expect((await store.findConversation('c')) !== undefined).toBe(stays);
  });

  it('spares an unfinished response and its conversation', async () => {
    const { clock, store } = await openWithClock();
    await store.saveConversation(conversation('c'));
    const response = storedResponse('r', { status: 'in_progress', conversationId: 'c' });
    await store.saveResponse(response);
    clock.time += 3 * DAY;
    await store.saveResponse(storedResponse('now'));
    expect(await store.findResponse('r')).toEqual(response);
    expect(await store.findConversation('c')).toEqual(conversation('c'));
  });

  it('applies to the contents of the file at startup', async () => {
    const first = await openTestStores({ now: () => 0 });
    await first.forToken('token').saveResponse(storedResponse('r'));
    first.close();
    const second = await openTestStores({ path: first.path });
    expect(await second.forToken('token').findResponse('r')).toBeUndefined();
  });
});

describe('the count limit', () => {
  it('deletes the least recently used responses and conversations first', async () => {
    const clock = { time: 0 };
    const now = () => (clock.time += HOUR);
    const first = await openTestStores({ now });
    const store = first.forToken('token');
    for (const id of ['a', 'b', 'c', 'd']) await store.saveResponse(storedResponse(id));
    await store.saveResponse(storedResponse('open', { status: 'queued' }));
    for (const id of ['x', 'y', 'z']) await store.saveConversation(conversation(id));
    await store.findResponse('a');
    await store.findConversation('x');
    const second = await openTestStores({ path: first.path, now, retention: { days: 30, count: 2 } });
    const left = second.forToken('token');
    expect(await present(left, ['a', 'b', 'c', 'd', 'open'])).toEqual(['a', 'd', 'open']);
    const found = await Promise.all(['x', 'y', 'z'].map((id) => left.findConversation(id)));
    expect(found.map((one) => one?.id)).toEqual(['x', undefined, 'z']);
  });

  it('holds while the gateway runs, with a small margin', async () => {
    const store = await openTestStore({ retention: { days: 30, count: 5 } });
    const ids = Array.from({ length: 100 }, (_, place) => `r${place}`);
    for (const id of ids) await store.saveResponse(storedResponse(id));
    const left = await present(store, ids);
    expect(left.length).toBeGreaterThanOrEqual(5);
    expect(left.length).toBeLessThanOrEqual(25);
    expect(left).toEqual(ids.slice(-left.length));
  });
});

describe('the size of the file', () => {
  const text = 'x'.repeat(20_000_000);

  it('grows by a long item only once, however often it is sent', async () => {
    const { forToken, path, close } = await openTestStores();
    const store = forToken('token');
    for (const id of ['a', 'b', 'c', 'd']) {
      await store.saveResponse(storedResponse(id, { input: [message(`in_${id}`, text)] }));
    }
    expect((await store.findResponse('c'))!.input).toEqual([message('in_c', text)]);
    close();
    expect(statSync(path).size).toBeLessThan(25_000_000);
  });

  it('shrinks at the next start after large responses were deleted', async () => {
    const { forToken, path, close } = await openTestStores();
    const store = forToken('token');
    for (const id of ['a', 'b']) {
      await store.saveResponse(storedResponse(id, { input: [message(`in_${id}`, `${id}${text}`)] }));
    }
    await store.deleteResponse('a');
    await store.deleteResponse('b');
    close();
    expect(statSync(path).size).toBeGreaterThan(40_000_000);
    (await openTestStores({ path, retention: PLENTY })).close();
    expect(statSync(path).size).toBeLessThan(20_000_000);
  });
});
