import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { openTestStores, storePath } from '../support/open-test-stores.ts';
import { message, storedResponse } from '../support/stored-response.ts';

const conversation = { id: 'c', metadata: {}, createdAt: 1 };

it('one caller neither sees nor changes the data of another caller', async () => {
  const { forToken } = await openTestStores();
  const [mine, other] = [forToken('mine'), forToken('other')];
  await mine.saveConversation(conversation);
  await mine.addItems('c', [message('i', 'text')]);
  await mine.saveResponse(storedResponse('r', { conversationId: 'c' }));

  expect(await other.findResponse('r')).toBeUndefined();
  expect(await other.findResponseChain('r')).toBeUndefined();
  expect(await other.deleteResponse('r')).toBe(false);
  expect(await other.findItems(['i', 'in_r', 'out_r'])).toEqual(new Map());
  expect(await other.findConversation('c')).toBeUndefined();
  expect(await other.listItems('c')).toEqual([]);
  expect(await other.addItems('c', [message('j', 'text')])).toBe(false);
  expect(await other.deleteItem('c', 'i')).toBe(false);
  expect(await other.deleteConversation('c')).toBe(false);
  // What goes on with another's is a thread with a missing link.
  await other.saveResponse(storedResponse('s', { previousId: 'r', conversationId: 'c' }));
  expect(await other.findResponseChain('s')).toBeUndefined();

  expect((await mine.listItems('c')).map(({ id }) => id)).toEqual(['i', 'in_r', 'out_r']);
  expect((await mine.findResponseChain('r'))!.map(({ id }) => id)).toEqual(['r']);
});

it('two callers may use the same ids independently', async () => {
  const { forToken } = await openTestStores();
  const stores = [forToken('mine'), forToken('other')];
  for (const [place, store] of stores.entries()) {
    await store.saveConversation({ ...conversation, metadata: { place } });
    await store.saveResponse(storedResponse('r', { createdAt: place, conversationId: 'c' }));
  }
  await stores[0]!.deleteResponse('r');
  await stores[0]!.deleteConversation('c');
  expect((await stores[1]!.findResponse('r'))!.createdAt).toBe(1);
  expect((await stores[1]!.findConversation('c'))!.metadata).toEqual({ place: 1 });
  expect((await stores[1]!.listItems('c')).map(({ id }) => id)).toEqual(['in_r', 'out_r']);
});

it('a token finds its data after a restart and is never written to disk', async () => {
  const token = 'codex-gateway-local-secret';
  const first = await openTestStores();
  expect(first.forToken(token)).toBe(first.forToken(token));
  await first.forToken(token).saveResponse(storedResponse('r'));
  const folder = dirname(first.path);
  for (const name of readdirSync(folder)) {
    expect(readFileSync(join(folder, name)).includes(token)).toBe(false);
  }
  first.close();
  const second = await openTestStores({ path: first.path });
  expect((await second.forToken(token).findResponse('r'))!.id).toBe('r');
});

it('a caller finds no data of another caller while another process deletes its own data', async () => {
  const path = storePath();
  let interfere = () => {};
  const now = () => {
    interfere();
    return 1e15;
  };
  const [stores, elsewhere] = [await openTestStores({ path }), await openTestStores({ path, now })];
  const [mine, other] = [elsewhere.forToken('mine'), stores.forToken('other')];
  await stores.forToken('mine').saveResponse(storedResponse('r'));
  await stores.forToken('mine').saveConversation(conversation);

  interfere = () => {
    interfere = () => {};
    void stores.forToken('mine').deleteResponse('r');
    void other.saveResponse(storedResponse('s'));
  };
  expect(await mine.findResponse('r')).toBeUndefined();

  interfere = () => {
    interfere = () => {};
    void stores.forToken('mine').deleteConversation('c');
    void other.saveConversation({ ...conversation, id: 'd' });
    void other.addItems('d', [message('i', 'text')]);
  };
  expect(await mine.listItems('c')).toEqual([]);
});
