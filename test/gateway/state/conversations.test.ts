import { afterAll, describe, expect, it } from 'vitest';
import { createConversationService } from '../../../src/gateway/state/conversations.ts';
import { openStores } from '../../../src/store/open-stores.ts';

const stores = await openStores({ path: ':memory:', retention: { days: 1, count: 1000 } });
afterAll(() => stores.close());

const conversations = createConversationService(stores.forToken('token'));
const ITEMS = ['a', 'b', 'c'].map((name) => ({
  id: `msg_${name}`,
  type: 'message',
  role: 'user',
  content: [],
}));
const NOT_FOUND = {
  code: 'conversation_not_found',
  message: "Conversation with id 'conv_x' not found.",
  detail: {},
};

describe('a conversation', () => {
  it('is created with its metadata and items and can be found', async () => {
    const made = await conversations.create({ topic: 'x' }, ITEMS);
    expect(made).toMatchObject({ id: expect.stringMatching(/^conv_\w{32}$/), metadata: { topic: 'x' } });
    expect(Math.abs(made.createdAt - Date.now() / 1000)).toBeLessThan(5);
    expect(await conversations.find(made.id)).toEqual(made);
    expect(await conversations.listItems(made.id)).toEqual(ITEMS);
  });

  it('keeps its items when its metadata is replaced', async () => {
    const made = await conversations.create({ topic: 'x' }, ITEMS);
    const described = { ...made, metadata: { other: 'y' } };
    expect(await conversations.setMetadata(made.id, { other: 'y' })).toEqual(described);
    expect(await conversations.find(made.id)).toEqual(described);
    expect(await conversations.listItems(made.id)).toEqual(ITEMS);
  });

  it('accepts added items and loses a removed one', async () => {
    const made = await conversations.create({}, []);
    await conversations.addItems(made.id, ITEMS.slice(0, 1));
    await conversations.addItems(made.id, ITEMS.slice(1));
    expect(await conversations.findItem(made.id, 'msg_b')).toEqual(ITEMS[1]);
    expect(await conversations.removeItem(made.id, 'msg_b')).toEqual(made);
    expect(await conversations.listItems(made.id)).toEqual([ITEMS[0], ITEMS[2]]);
    const gone = { code: 'item_not_found', message: expect.stringContaining("'msg_b'") as string };
    await expect(conversations.findItem(made.id, 'msg_b')).rejects.toMatchObject(gone);
    await expect(conversations.removeItem(made.id, 'msg_b')).rejects.toMatchObject(gone);
  });

  it('cannot be found after it is removed', async () => {
    const { id } = await conversations.create({}, ITEMS);
    await conversations.remove(id);
    await expect(conversations.find(id)).rejects.toMatchObject({ code: 'conversation_not_found' });
    await expect(conversations.remove(id)).rejects.toMatchObject({ code: 'conversation_not_found' });
  });

  it('of another caller is not found', async () => {
    const { id } = await conversations.create({}, ITEMS);
    const others = createConversationService(stores.forToken('other'));
    await expect(others.find(id)).rejects.toMatchObject({ code: 'conversation_not_found' });
    await expect(others.findItem(id, 'msg_a')).rejects.toMatchObject({ code: 'conversation_not_found' });
  });
});

const CALLS: [name: string, call: (given: typeof conversations) => Promise<unknown>][] = [
  ['find', (given) => given.find('conv_x')],
  ['setMetadata', (given) => given.setMetadata('conv_x', {})],
  ['remove', (given) => given.remove('conv_x')],
  ['addItems', (given) => given.addItems('conv_x', ITEMS)],
  ['listItems', (given) => given.listItems('conv_x')],
  ['findItem', (given) => given.findItem('conv_x', 'msg_a')],
  ['removeItem', (given) => given.removeItem('conv_x', 'msg_a')],
];

it.each(CALLS)('%s names the conversation that does not exist', async (_name, call) => {
  await expect(call(conversations)).rejects.toMatchObject(NOT_FOUND);
});

it.each([...CALLS, ['create', (given) => given.create({}, [])] as (typeof CALLS)[number]])(
  '%s reports that the store is off',
  async (_name, call) => {
    const refused = { code: 'store_off', message: expect.stringContaining("'store' is false") as string };
    await expect(call(createConversationService(undefined))).rejects.toMatchObject(refused);
  },
);
