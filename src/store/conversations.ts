import type { JsonObject } from '../base/json.ts';
import type { Store, StoredConversation } from '../conversation/ports/store.ts';
import type { Items } from './items.ts';
import type { CallerScope } from './caller-scope.ts';
import { recordUse, USE_RESOLUTION_MS } from './database/record-use.ts';
import { read, write } from './database/transaction.ts';

type ConversationStore = Pick<
  Store,
  'saveConversation' | 'findConversation' | 'deleteConversation' | 'addItems' | 'listItems' | 'deleteItem'
>;

interface ConversationRow {
  readonly id: string;
  readonly created_at: number;
  readonly metadata: string;
}

/** Records the use of a conversation and returns its key; undefined if there is none. */
export type TouchConversation = (id: string) => number | undefined;

/** Creates the conversation methods of one caller's store. */
export function createConversations(
  scope: CallerScope,
  items: Items,
): ConversationStore & { readonly touch: TouchConversation } {
  const { database, caller, now } = scope;
  const touch = prepareTouch(scope);
  const save = database.prepare(
    `INSERT INTO conversations (caller, id, created_at, used_at, metadata) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (caller, id) DO UPDATE SET used_at = excluded.used_at, metadata = excluded.metadata`,
  );
  const select = database.prepare('SELECT id, created_at, metadata FROM conversations WHERE key = ?');
  const remove = database.prepare('DELETE FROM conversations WHERE caller = ? AND id = ?');

  return {
    touch,
    async saveConversation({ id, createdAt, metadata }) {
      save.run(caller, id, createdAt, now(), JSON.stringify(metadata));
    },
    async findConversation(id) {
      const key = touch(id);
      const row = key === undefined ? undefined : select.get(key);
      return row && decodeConversation(row as unknown as ConversationRow);
    },
    async deleteConversation(id) {
      return remove.run(caller, id).changes > 0;
    },
    async addItems(conversationId, added) {
      return write(database, () => {
        const key = touch(conversationId);
        if (key !== undefined) items.addToConversation(key, added);
        return key !== undefined;
      });
    },
    async listItems(conversationId) {
      const key = touch(conversationId);
      return key === undefined ? [] : read(database, () => items.ofConversation(key));
    },
    async deleteItem(conversationId, itemId) {
      const key = touch(conversationId);
      return key !== undefined && items.removeFromConversation(key, itemId);
    },
  };
}

function prepareTouch({ database, caller, now }: CallerScope): TouchConversation {
  const find = database.prepare('SELECT key, used_at FROM conversations WHERE caller = ? AND id = ?');
  const update = database.prepare('UPDATE conversations SET used_at = ? WHERE key = ?');
  return (id) => {
    const row = find.get(caller, id) as { key: number; used_at: number } | undefined;
    if (row === undefined) return undefined;
    if (row.used_at < now() - USE_RESOLUTION_MS) recordUse(database, () => update.run(now(), row.key));
    return row.key;
  };
}

function decodeConversation({ id, created_at: createdAt, metadata }: ConversationRow): StoredConversation {
  return { id, createdAt, metadata: JSON.parse(metadata) as JsonObject };
}
