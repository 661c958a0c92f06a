import type { JsonObject } from '../base/json.ts';
import type { Store, StoredConversation } from '../conversation/ports/store.ts';
import type { Items } from './items.ts';
import { noteUse } from './note-use.ts';
import { USE_GRAIN, type Scope } from './scope.ts';
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

/** Where a conversation lies that is in use as of now; undefined where there is none. */
export type UseConversation = (id: string) => number | undefined;

/** One caller's conversations. */
export function createConversations(
  scope: Scope,
  items: Items,
): ConversationStore & { readonly use: UseConversation } {
  const { database, caller, now } = scope;
  const use = prepareUse(scope);
  const save = database.prepare(
    `INSERT INTO conversations (caller, id, created_at, used_at, metadata) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (caller, id) DO UPDATE SET used_at = excluded.used_at, metadata = excluded.metadata`,
  );
  const select = database.prepare('SELECT id, created_at, metadata FROM conversations WHERE key = ?');
  const remove = database.prepare('DELETE FROM conversations WHERE caller = ? AND id = ?');

  return {
    use,
    async saveConversation({ id, createdAt, metadata }) {
      save.run(caller, id, createdAt, now(), JSON.stringify(metadata));
    },
    async findConversation(id) {
      const key = use(id);
      const row = key === undefined ? undefined : select.get(key);
      return row && decodeConversation(row as unknown as ConversationRow);
    },
    async deleteConversation(id) {
      return remove.run(caller, id).changes > 0;
    },
    async addItems(conversationId, added) {
      return write(database, () => {
        const key = use(conversationId);
        if (key !== undefined) items.addToConversation(key, added);
        return key !== undefined;
      });
    },
    async listItems(conversationId) {
      const key = use(conversationId);
      return key === undefined ? [] : read(database, () => items.ofConversation(key));
    },
    async deleteItem(conversationId, itemId) {
      const key = use(conversationId);
      return key !== undefined && items.removeFromConversation(key, itemId);
    },
  };
}

function prepareUse({ database, caller, now }: Scope): UseConversation {
  const find = database.prepare('SELECT key, used_at FROM conversations WHERE caller = ? AND id = ?');
  const touch = database.prepare('UPDATE conversations SET used_at = ? WHERE key = ?');
  return (id) => {
    const row = find.get(caller, id) as { key: number; used_at: number } | undefined;
    if (row === undefined) return undefined;
    if (row.used_at < now() - USE_GRAIN) noteUse(database, () => touch.run(now(), row.key));
    return row.key;
  };
}

function decodeConversation({ id, created_at: createdAt, metadata }: ConversationRow): StoredConversation {
  return { id, createdAt, metadata: JSON.parse(metadata) as JsonObject };
}
