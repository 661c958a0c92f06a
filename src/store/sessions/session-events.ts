import type { JsonObject } from '../../base/json.ts';
import type { SessionStore, StoredEvent } from '../../conversation/ports/session-store.ts';
import { read, write } from '../database/transaction.ts';
import type { SessionScope } from './session-scope.ts';

type EventMethods = Pick<SessionStore, 'addEvents' | 'eventsAfter' | 'lastEventId'>;

/** Maximum number of events that are kept of a session, and bytes of their JSON; the last event is kept whatever its size. */
const KEPT_EVENTS = 2_000;
const KEPT_BYTES = 16 * 1024 * 1024;

/** Part of the limits by which they may be exceeded, so that old events are deleted many at a time. */
const SLACK = 0.1;

interface LogRow {
  readonly key: number;
  readonly event_count: number;
  readonly event_bytes: number;
  readonly last_event: number;
  readonly forgotten_event: number;
}

/** Creates the methods for the events of sessions. */
export function createSessionEvents({ database, makeRoom, now }: SessionScope): EventMethods {
  const find = database.prepare(
    'SELECT key, event_count, event_bytes, last_event, forgotten_event FROM sessions WHERE id = ?',
  );
  const logOf = (sessionId: string) => find.get(sessionId) as LogRow | undefined;
  const insert = database.prepare('INSERT INTO session_events (session, id, json) VALUES (?, ?, ?)');
  const update = database.prepare(
    `UPDATE sessions SET event_count = ?, event_bytes = ?, last_event = ?, forgotten_event = ?, used_at = ?
     WHERE key = ?`,
  );
  const trim = prepareTrim(database);
  const select = database.prepare(
    'SELECT id, json FROM session_events WHERE session = ? AND id > ? ORDER BY id LIMIT ?',
  );

  function append(log: LogRow, events: readonly StoredEvent[]): void {
    let { event_count: count, event_bytes: size, last_event: last } = log;
    for (const { id, event } of events) {
      if (id <= last) continue;
      const json = JSON.stringify(event);
      insert.run(log.key, id, json);
      last = id;
      count += 1;
      size += Buffer.byteLength(json);
    }
    const grown = { ...log, event_count: count, event_bytes: size, last_event: last };
    const kept = isTooMuch(grown) ? trim(grown) : grown;
    update.run(kept.event_count, kept.event_bytes, last, kept.forgotten_event, now(), log.key);
  }

  return {
    async addEvents(sessionId, events) {
      const isAdded = write(database, () => {
        const log = logOf(sessionId);
        if (log !== undefined) append(log, events);
        return log !== undefined;
      });
      makeRoom();
      return isAdded;
    },
    async eventsAfter(sessionId, id, limit) {
      return read(database, () => {
        const log = logOf(sessionId);
        if (log === undefined) return { events: [], isComplete: false };
        const rows = select.all(log.key, id, limit) as { readonly id: number; readonly json: string }[];
        const events = rows.map((row) => ({ id: row.id, event: JSON.parse(row.json) as JsonObject }));
        return { events, isComplete: id >= log.forgotten_event };
      });
    },
    lastEventId: async (sessionId) => logOf(sessionId)?.last_event ?? 0,
  };
}

function isTooMuch({ event_count: count, event_bytes: size }: LogRow): boolean {
  return count > KEPT_EVENTS * (1 + SLACK) || size > KEPT_BYTES * (1 + SLACK);
}

/** Returns a function that deletes the oldest events of a session, as many as exceed the limits. */
function prepareTrim(database: SessionScope['database']): (log: LogRow) => LogRow {
  const sizes = database.prepare(
    'SELECT id, octet_length(json) AS size FROM session_events WHERE session = ? ORDER BY id',
  );
  const remove = database.prepare('DELETE FROM session_events WHERE session = ? AND id <= ?');

  /** Returns what is left, with the id of the last event that goes. */
  function measure(log: LogRow): LogRow {
    let { event_count: count, event_bytes: size, forgotten_event: forgotten } = log;
    for (const row of sizes.iterate(log.key) as Iterable<{ readonly id: number; readonly size: number }>) {
      if (count === 1 || (count <= KEPT_EVENTS && size <= KEPT_BYTES)) break;
      count -= 1;
      size -= row.size;
      forgotten = row.id;
    }
    return { ...log, event_count: count, event_bytes: size, forgotten_event: forgotten };
  }
  return (log) => {
    const kept = measure(log);
    remove.run(log.key, kept.forgotten_event);
    return kept;
  };
}
