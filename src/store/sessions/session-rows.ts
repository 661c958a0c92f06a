import type { JsonObject } from '../../base/json.ts';
import type {
  FoundSession,
  ListedSession,
  SessionQuery,
  SessionStore,
  StoredSession,
  ThreadOwner,
} from '../../conversation/ports/session-store.ts';
import { recordUse, USE_RESOLUTION_MS } from '../database/record-use.ts';
import { read, write } from '../database/transaction.ts';
import { hasDied } from './runners.ts';
import { prepareAddMessage } from './session-messages.ts';
import type { SessionScope } from './session-scope.ts';

type SessionMethods = Pick<
  SessionStore,
  | 'createSession'
  | 'saveSession'
  | 'findSession'
  | 'hasSession'
  | 'listSessions'
  | 'threadOwners'
  | 'deleteSession'
  | 'claimInterrupted'
>;

interface SessionRow {
  readonly key: number;
  readonly id: string;
  readonly caller: string;
  readonly owner: string;
  readonly runner: string | null;
  readonly updated_at: number;
  readonly used_at: number;
  readonly body: string;
}

interface HolderRow extends Pick<SessionRow, 'caller' | 'owner'> {
  readonly thread: string;
}

const COLUMNS = 'key, id, caller, owner, runner, updated_at, used_at, body';

/** Creates the methods for sessions without their messages and events. */
export function createSessionRows(scope: SessionScope): SessionMethods {
  const { database, runner, callers, prepareToGrow, now } = scope;
  const save = prepareSave(scope);
  const touch = database.prepare('UPDATE sessions SET used_at = ? WHERE key = ?');
  const remove = database.prepare('DELETE FROM sessions WHERE key = ?');
  const runs = database.prepare(`SELECT ${COLUMNS} FROM sessions WHERE runner IS NOT NULL`);
  const has = database.prepare('SELECT 1 FROM sessions WHERE id = ?');
  const claim = database.prepare('UPDATE sessions SET runner = ? WHERE key = ?');
  const list = prepareList(scope);
  const { find, isVisible, runsElsewhere, decode, complete, findOwners } = prepareRead(scope);

  return {
    async createSession(session, messages = []) {
      prepareToGrow();
      save.create(session, callers.idOf(session.owner), messages);
    },
    async saveSession(session) {
      return write(database, () => {
        const row = find(session.id);
        if (row === undefined) return 'missing';
        if (runsElsewhere(row)) return 'elsewhere';
        save.update(session, row.key);
        return 'saved';
      });
    },
    async findSession(id) {
      const row = find(id);
      if (row === undefined) return undefined;
      // If another process runs it, its use by that process shows that it lives.
      const isOwn = row.runner === null || row.runner === runner;
      if (isOwn && row.used_at < now() - USE_RESOLUTION_MS)
        recordUse(database, () => touch.run(now(), row.key));
      return read(database, () => {
        const current = find(id);
        return current && complete(current);
      });
    },
    hasSession: async (id) => has.get(id) !== undefined,
    listSessions: async (query) => list(query).map(decode),
    threadOwners: async (threadIds) => findOwners(threadIds),
    async deleteSession(id) {
      return write(database, () => {
        const row = find(id);
        return row !== undefined && remove.run(row.key).changes > 0;
      });
    },
    async claimInterrupted() {
      return write(database, () => {
        const rows = runs.all() as unknown as SessionRow[];
        const dead = rows.filter((row) => isVisible(row) && hasDied(row, now()));
        for (const { key } of dead) claim.run(runner, key);
        return dead.map(complete);
      });
    },
  };
}

/** Returns functions that read sessions. */
function prepareRead({ database, runner, callers, now }: SessionScope) {
  const select = database.prepare(`SELECT ${COLUMNS} FROM sessions WHERE id = ?`);
  const selectDetails = database.prepare('SELECT json FROM session_details WHERE session = ?');
  const runsElsewhere = (row: SessionRow) =>
    row.runner !== null && row.runner !== runner && !hasDied(row, now());
  const decode = (row: SessionRow) => decodeSession(row, runsElsewhere(row));

  /** Returns false for a session of another main token of the same file. */
  const isVisible = (row: Pick<SessionRow, 'caller' | 'owner'>) => callers.find(row.owner) === row.caller;

  function find(id: string): SessionRow | undefined {
    const row = select.get(id) as SessionRow | undefined;
    return row && isVisible(row) ? row : undefined;
  }
  function complete(row: SessionRow): FoundSession {
    const { json } = selectDetails.get(row.key) as { readonly json: string };
    return { ...decode(row), details: JSON.parse(json) as JsonObject };
  }
  const holders = database.prepare(
    `SELECT caller, owner, json_extract(body, '$.thread_id') AS thread FROM sessions
     WHERE json_extract(body, '$.thread_id') IN (SELECT value FROM json_each(?))`,
  );
  function findOwners(threadIds: readonly string[]): ThreadOwner[] {
    const rows = holders.all(JSON.stringify(threadIds)) as unknown as HolderRow[];
    return rows.filter(isVisible).map(({ owner, thread: threadId }) => ({ threadId, owner }));
  }
  return { find, findOwners, isVisible, runsElsewhere, decode, complete };
}

/** Returns functions that write a session; `update` runs inside a transaction. */
function prepareSave({ database, runner, now }: SessionScope) {
  const insert = database.prepare(
    `INSERT INTO sessions (runner, updated_at, used_at, body, id, caller, owner) VALUES (?, ?, ?, ?, ?, ?, ?)`,
  );
  const update = database.prepare(
    'UPDATE sessions SET runner = ?, updated_at = ?, used_at = ?, body = ? WHERE key = ?',
  );
  const saveDetails = database.prepare(
    `INSERT INTO session_details (session, json) VALUES (?, ?)
     ON CONFLICT (session) DO UPDATE SET json = excluded.json WHERE json <> excluded.json`,
  );
  const addMessage = prepareAddMessage(database);
  const changing = ({ isRunning, updatedAt, body }: StoredSession) =>
    [isRunning ? runner : null, updatedAt, now(), JSON.stringify(body)] as const;
  return {
    create(session: StoredSession, caller: string, messages: readonly JsonObject[]): void {
      write(database, () => {
        const { lastInsertRowid } = insert.run(...changing(session), session.id, caller, session.owner);
        saveDetails.run(lastInsertRowid, JSON.stringify(session.details));
        for (const message of messages) addMessage(Number(lastInsertRowid), message);
      });
    },
    update(session: StoredSession, key: number): void {
      update.run(...changing(session), key);
      saveDetails.run(key, JSON.stringify(session.details));
    },
  };
}

/** Returns a function that reads a page of an owner's sessions. */
function prepareList({ database, callers }: SessionScope): (query: SessionQuery) => SessionRow[] {
  const select = database.prepare(
    `SELECT ${COLUMNS} FROM sessions
     WHERE caller = ? AND (updated_at, id) < (?, ?) AND NOT EXISTS (
       SELECT 1 FROM json_each(?) AS wanted
       WHERE json_extract(body, '$."' || wanted.key || '"') IS NOT wanted.value
     )
     ORDER BY updated_at DESC, id DESC LIMIT ?`,
  );
  return ({ owner, limit, before, filter = {} }) => {
    const caller = callers.find(owner);
    if (caller === undefined) return [];
    const { updatedAt, id } = before ?? { updatedAt: Number.MAX_SAFE_INTEGER, id: '' };
    return select.all(caller, updatedAt, id, JSON.stringify(filter), limit) as unknown as SessionRow[];
  };
}

function decodeSession(row: SessionRow, runsElsewhere: boolean): ListedSession {
  return {
    id: row.id,
    owner: row.owner,
    updatedAt: row.updated_at,
    isRunning: row.runner !== null,
    runsElsewhere,
    body: JSON.parse(row.body) as JsonObject,
  };
}
