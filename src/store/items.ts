import { hash } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { JsonObject } from '../base/json.ts';

/** The items of one caller, held by responses and conversations, which go by their keys. For use in a transaction. */
export interface Items {
  addToResponse(response: number, side: Side, items: readonly JsonObject[]): void;
  /** To its end; one whose id is there already takes the other's stead. */
  addToConversation(conversation: number, items: readonly JsonObject[]): void;
  /** The same with all that a response holds. */
  share(response: number, conversation: number): void;
  /** Oldest first. */
  ofResponse(response: number, side: Side): JsonObject[];
  /** Oldest first. */
  ofConversation(conversation: number): JsonObject[];
  clearOutput(response: number): void;
  /** Whether there was one. */
  removeFromConversation(conversation: number, id: string): boolean;
  /** The one of each id that was added last. */
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
  // With max(), SQLite takes the other columns of a group from the row that has the greatest.
  const newest = database.prepare(
    `SELECT id, json FROM contents JOIN (
       SELECT id, content, max(key) FROM items
       WHERE caller = ? AND id IN (SELECT value FROM json_each(?)) GROUP BY id
     ) ON contents.key = content`,
  );
  const clearOutput = database.prepare('DELETE FROM items WHERE response = ? AND is_output = 1');
  const removeOne = database.prepare('DELETE FROM items WHERE conversation = ? AND id = ?');
  const removeShared = database.prepare(
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
        // First of all: the last holder takes the content along.
        removeOne.run(conversation, idOf(item));
        const { id, content } = storeContent(item);
        insert.run(caller, id, content, null, conversation, 0);
      }
    },
    share(response, conversation) {
      removeShared.run(conversation, response);
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

/** Stores what an item says, unless the caller has said it before, and tells its id and where it lies. */
function prepareContents(database: DatabaseSync, caller: string) {
  const find = database.prepare('SELECT key FROM contents WHERE caller = ? AND digest = ?');
  const insert = database.prepare('INSERT INTO contents (caller, digest, json) VALUES (?, ?, ?)');
  return (item: JsonObject): { id: string | null; content: number } => {
    const id = idOf(item);
    // The id keeps its place among the keys.
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
