import { GatewayError } from '../../base/errors.ts';
import { excerpt } from '../../base/excerpt.ts';
import { createId } from '../../base/ids.ts';
import type { JsonObject } from '../../base/json.ts';
import type { Store, StoredConversation } from '../../conversation/ports/store.ts';
import { conversationNotFound } from './memory.ts';

/** Conversations that are kept apart from the responses in them. Each call rejects with a `GatewayError` for what is not there. */
export interface Conversations {
  /** Throws where there is no store. */
  requireStore(): void;
  /** Each item has an id. */
  create(metadata: JsonObject, items: readonly JsonObject[]): Promise<StoredConversation>;
  find(id: string): Promise<StoredConversation>;
  describe(id: string, metadata: JsonObject): Promise<StoredConversation>;
  remove(id: string): Promise<void>;
  /** Each has an id. */
  addItems(id: string, items: readonly JsonObject[]): Promise<void>;
  /** Oldest first. */
  listItems(id: string): Promise<readonly JsonObject[]>;
  findItem(id: string, itemId: string): Promise<JsonObject>;
  /** Resolves to the conversation from which it is gone. */
  removeItem(id: string, itemId: string): Promise<StoredConversation>;
}

/** Without a store, everything is refused. */
export function createConversations(given: Store | undefined): Conversations {
  /** The store, where the conversation is in it. */
  async function open(id: string): Promise<{ store: Store; conversation: StoredConversation }> {
    const store = required(given);
    const conversation = await store.findConversation(id);
    if (conversation === undefined) throw conversationNotFound(id);
    return { store, conversation };
  }

  return {
    requireStore: () => void required(given),
    async create(metadata, items) {
      const store = required(given);
      const createdAt = Math.floor(Date.now() / 1000);
      const conversation = { id: createId('conv_'), metadata, createdAt };
      await store.saveConversation(conversation);
      if (items.length > 0) await store.addItems(conversation.id, items);
      return conversation;
    },
    find: async (id) => (await open(id)).conversation,
    async describe(id, metadata) {
      const { store, conversation } = await open(id);
      const described = { ...conversation, metadata };
      await store.saveConversation(described);
      return described;
    },
    async remove(id) {
      if (!(await required(given).deleteConversation(id))) throw conversationNotFound(id);
    },
    async addItems(id, items) {
      if (!(await required(given).addItems(id, items))) throw conversationNotFound(id);
    },
    async listItems(id) {
      const { store } = await open(id);
      return await store.listItems(id);
    },
    async findItem(id, itemId) {
      const { store } = await open(id);
      const item = (await store.listItems(id)).find((candidate) => candidate.id === itemId);
      if (item === undefined) throw itemNotFound(id, itemId);
      return item;
    },
    async removeItem(id, itemId) {
      const { store, conversation } = await open(id);
      if (!(await store.deleteItem(id, itemId))) throw itemNotFound(id, itemId);
      return conversation;
    },
  };
}

function required(store: Store | undefined): Store {
  if (store !== undefined) return store;
  throw new GatewayError(
    'store_off',
    "This gateway keeps nothing: its setting 'store' is false, so it has no conversations. Send what was said before in 'input', or switch the store on in its config file.",
  );
}

function itemNotFound(id: string, itemId: string): GatewayError {
  return new GatewayError(
    'item_not_found',
    `Item with id '${excerpt(itemId)}' not found in the conversation '${excerpt(id)}'.`,
  );
}
