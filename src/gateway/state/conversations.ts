import { GatewayError } from '../../base/errors.ts';
import { excerpt } from '../../base/excerpt.ts';
import { createId } from '../../base/ids.ts';
import type { JsonObject } from '../../base/json.ts';
import type { Store, StoredConversation } from '../../conversation/ports/store.ts';
import { conversationNotFound } from './response-history.ts';

/** Conversations in the store, and their items. Each call rejects with a `GatewayError` for one that does not exist. */
export interface Conversations {
  /** Throws if there is no store. */
  requireStore(): void;
  /** Each item must have an id. */
  create(metadata: JsonObject, items: readonly JsonObject[]): Promise<StoredConversation>;
  find(id: string): Promise<StoredConversation>;
  setMetadata(id: string, metadata: JsonObject): Promise<StoredConversation>;
  remove(id: string): Promise<void>;
  /** Each item must have an id. */
  addItems(id: string, items: readonly JsonObject[]): Promise<void>;
  /** Resolves to the items, oldest first. */
  listItems(id: string): Promise<readonly JsonObject[]>;
  findItem(id: string, itemId: string): Promise<JsonObject>;
  /** Resolves to the conversation that had the item. */
  removeItem(id: string, itemId: string): Promise<StoredConversation>;
}

/** Creates conversations that refuse every call if there is no store. */
export function createConversationService(given: Store | undefined): Conversations {
  /** Resolves to the store and a conversation in it. */
  async function open(id: string): Promise<{ store: Store; conversation: StoredConversation }> {
    const store = requireStore(given);
    const conversation = await store.findConversation(id);
    if (conversation === undefined) throw conversationNotFound(id);
    return { store, conversation };
  }

  return {
    requireStore: () => void requireStore(given),
    async create(metadata, items) {
      const store = requireStore(given);
      const createdAt = Math.floor(Date.now() / 1000);
      const conversation = { id: createId('conv_'), metadata, createdAt };
      await store.saveConversation(conversation);
      if (items.length > 0) await store.addItems(conversation.id, items);
      return conversation;
    },
    find: async (id) => (await open(id)).conversation,
    async setMetadata(id, metadata) {
      const { store, conversation } = await open(id);
      const updated = { ...conversation, metadata };
      await store.saveConversation(updated);
      return updated;
    },
    async remove(id) {
      if (!(await requireStore(given).deleteConversation(id))) throw conversationNotFound(id);
    },
    async addItems(id, items) {
      if (!(await requireStore(given).addItems(id, items))) throw conversationNotFound(id);
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

function requireStore(store: Store | undefined): Store {
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
