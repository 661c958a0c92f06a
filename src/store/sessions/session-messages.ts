import type { DatabaseSync } from 'node:sqlite';
import type { JsonObject } from '../../base/json.ts';
import type { SessionStore } from '../../conversation/ports/session-store.ts';
import { write } from '../database/transaction.ts';
import type { SessionScope } from './session-scope.ts';

type MessageMethods = Pick<SessionStore, 'addMessage' | 'updateMessage' | 'deleteMessage' | 'listMessages'>;

/** Creates the methods for the messages of sessions. */
export function createSessionMessages({
  database,
  prepareToGrow,
  makeRoom,
  now,
}: SessionScope): MessageMethods {
  const touch = database.prepare('UPDATE sessions SET used_at = ? WHERE id = ? RETURNING key');
  const add = prepareAddMessage(database);
  const inSession = 'session = (SELECT key FROM sessions WHERE id = ?)';
  const update = database.prepare(`UPDATE session_messages SET json = ? WHERE ${inSession} AND id = ?`);
  const remove = database.prepare(`DELETE FROM session_messages WHERE ${inSession} AND id = ?`);
  const find = database.prepare(`SELECT key FROM session_messages WHERE ${inSession} AND id = ?`);
  const select = database.prepare(
    `SELECT json FROM session_messages WHERE ${inSession} AND key < ? ORDER BY key DESC LIMIT ?`,
  );
  return {
    async addMessage(sessionId, message) {
      prepareToGrow();
      const isAdded = write(database, () => {
        const session = touch.get(now(), sessionId)?.key as number | undefined;
        if (session === undefined) return false;
        add(session, message);
        return true;
      });
      makeRoom();
      return isAdded;
    },
    async updateMessage(sessionId, message) {
      return write(database, () => update.run(JSON.stringify(message), sessionId, idOf(message)).changes > 0);
    },
    async deleteMessage(sessionId, messageId) {
      return write(database, () => remove.run(sessionId, messageId).changes > 0);
    },
    async listMessages(sessionId, { limit, before } = { limit: -1 }) {
      const end = before === undefined ? Number.MAX_SAFE_INTEGER : find.get(sessionId, before)?.key;
      if (end === undefined) return undefined;
      const rows = select.all(sessionId, end as number, limit) as { readonly json: string }[];
      return rows.toReversed().map(({ json }) => JSON.parse(json) as JsonObject);
    },
  };
}

/** Returns a function that adds a message to the session with a key, inside a transaction. */
export function prepareAddMessage(database: DatabaseSync): (sessionKey: number, message: JsonObject) => void {
  const insert = database.prepare('INSERT INTO session_messages (session, id, json) VALUES (?, ?, ?)');
  return (sessionKey, message) => void insert.run(sessionKey, idOf(message), JSON.stringify(message));
}

function idOf(message: JsonObject): string {
  return message.id as string;
}
