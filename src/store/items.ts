import { hash } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { JsonObject } from '../base/json.ts';
import type { Store } from '../conversation/ports/store.ts';
import type { CallerScope } from './caller-scope.ts';
import { recordUse, USE_RESOLUTION_MS } from './database/record-use.ts';
import { read } from './database/transaction.ts';

/** The items of one caller, in responses and conversations, which are named by their keys. For use in a transaction. */
export interface Items {
  addToResponse(response: number, side: Side, items: readonly JsonObject[]): void;
  /** Appends items; one whose id exists already replaces the other. */
  addToConversation(conversation: number, items: readonly JsonObject[]): void;
  /** Appends all items of a response in the same way. */
  copyToConversation(response: number, conversation: number): void;
  /** Returns them oldest first. */
  ofResponse(response: number, side: Side): JsonObject[];
  /** Returns them oldest first. */
  ofConversation(conversation: number): JsonObject[];
  clearOutput(response: number): void;
  /** Returns true if the item existed. */
  removeFromConversation(conversation: number, id: string): boolean;
  /** Returns the item added last with each id. */
  find(ids: readonly string[]): Map<string, JsonObject>;
}

type Side = 'input' | 'output';

interface ItemRow {
  readonly id: string | null;
  readonly json: string;
}

const SELECT = 'SELECT items.id, json FROM items JOIN contents ON contents.key = content';

export function createItems(database: DatabaseSync, caller: string): Items {
  const storeContent = prepareContents(database, caller);
  const insert = database.prepare(
    'INSERT INTO items (caller, id, content, response, conversation, is_output) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const copy = database.prepare(
    `INSERT OR REPLACE INTO items (caller, id, content, conversation, is_output)
     SELECT caller, id, content, ?, is_output FROM items WHERE response = ? ORDER BY key`,
  );
  const ofResponse = database.prepare(`${SELECT} WHERE response = ? AND is_output = ? ORDER BY items.key`);
  const ofConversation = database.prepare(`${SELECT} WHERE conversation = ? ORDER BY items.key`);
  // With max(), SQLite takes the other columns of a group from the row with the maximum.
  const newest = database.prepare(
    `SELECT id, json FROM contents JOIN (
       SELECT id, content, max(key) FROM items
       WHERE caller = ? AND id IN (SELECT value FROM json_each(?)) GROUP BY id
     ) ON contents.key = content`,
  );
  const clearOutput = database.prepare('DELETE FROM items WHERE response = ? AND is_output = 1');
  const removeOne = database.prepare('DELETE FROM items WHERE conversation = ? AND id = ?');
  const removeSameIds = database.prepare(
    'DELETE FROM items WHERE conversation = ? AND id IN (SELECT id FROM items WHERE response = ?)',
  );

  return {
    addToResponse(response, side, items) {
      for (const item of items) {
        const { id, content } = storeContent(item);
        insert.run(caller, id, content, response, null, Number(side === 'output'));
      }
    },
    addToConversation(conversation, items) {
      for (const item of items) {
        // Before the insert: removing the last item with a content removes the content.
        removeOne.run(conversation, idOf(item));
        const { id, content } = storeContent(item);
        insert.run(caller, id, content, null, conversation, 0);
      }
    },
    copyToConversation(response, conversation) {
      removeSameIds.run(conversation, response);
      copy.run(conversation, response);
    },
    ofResponse: (response, side) => restoreAll(ofResponse.all(response, Number(side === 'output'))),
    ofConversation: (conversation) => restoreAll(ofConversation.all(conversation)),
    clearOutput: (response) => void clearOutput.run(response),
    removeFromConversation: (conversation, id) => removeOne.run(conversation, id).changes > 0,
    find(ids) {
      const rows = newest.all(caller, JSON.stringify(ids)) as unknown as ItemRow[];
      return new Map(rows.map((row) => [row.id!, restore(row)]));
    },
  };
}

/** Finds items by id in any response or conversation, which counts as a use of that one. */
export function prepareFindItems({ database, caller, now }: CallerScope, items: Items): Store['findItems'] {
  const touches = (['response', 'conversation'] as const).map((holder) =>
    database.prepare(
      `UPDATE ${holder}s SET used_at = ? WHERE used_at < ? AND key IN (
         SELECT ${holder} FROM items WHERE caller = ? AND id IN (SELECT value FROM json_each(?))
       )`,
    ),
  );
  return async (ids) => {
    const time = now();
    for (const touch of touches) {
      recordUse(database, () => touch.run(time, time - USE_RESOLUTION_MS, caller, JSON.stringify(ids)));
    }
    return read(database, () => items.find(ids));
  };
}

/** Stores the content of an item, unless the caller stored the same before, and returns its id and the key of its content. */
function prepareContents(database: DatabaseSync, caller: string) {
  const find = database.prepare('SELECT key FROM contents WHERE caller = ? AND digest = ?');
  const insert = database.prepare('INSERT INTO contents (caller, digest, json) VALUES (?, ?, ?)');
  return (item: JsonObject): { id: string | null; content: number } => {
    const id = idOf(item);
    // The empty id keeps its position among the keys.
    const json = JSON.stringify(id === null ? item : { ...item, id: '' });
    const digest = hash('sha256', json, 'buffer');
    const known = find.get(caller, digest) as { key: number } | undefined;
    return { id, content: known?.key ?? Number(insert.run(caller, digest, json).lastInsertRowid) };
  };
}

function idOf(item: JsonObject): string | null {
  return typeof item.id === 'string' ? item.id : null;
}

function restoreAll(rows: unknown): JsonObject[] {
  return (rows as ItemRow[]).map(restore);
}

function restore({ id, json }: ItemRow): JsonObject {
  const item = JSON.parse(json) as JsonObject;
  return id === null ? item : { ...item, id };
}
