import type { DatabaseSync } from 'node:sqlite';
import type { EndedAuditEntry } from '../../tools/ports.ts';

/** Days for which entries are kept in the table, and maximum number of them. */
const AUDIT_DAYS = 90;
const MAX_ENTRIES = 50_000;

const DAY_MS = 86_400_000;

/** Limits of a list of entries; each that is missing lets everything through. */
export interface AuditQuery {
  /** Milliseconds since 1970. */
  readonly since?: number | undefined;
  readonly tool?: string | undefined;
  /** Name of the caller's key. */
  readonly key?: string | undefined;
}

/** The table of the audit. */
export interface AuditRows {
  /** Adds an entry, and returns its line. */
  add(entry: EndedAuditEntry): string;
  /** Returns the lines of entries, oldest first. */
  list(query: AuditQuery): Iterable<string>;
  /** Deletes entries that are too old or too many. */
  prune(): void;
}

export function prepareAuditRows(database: DatabaseSync, now: () => number): AuditRows {
  const insert = database.prepare('INSERT INTO audit (time, tool, caller_name, body) VALUES (?, ?, ?, ?)');
  const select = database.prepare(
    `SELECT body FROM audit
     WHERE time >= :since AND (:tool IS NULL OR tool = :tool) AND (:name IS NULL OR caller_name = :name)
     ORDER BY time, key`,
  );
  const [old, surplus] = [
    database.prepare('DELETE FROM audit WHERE time < ?'),
    database.prepare('DELETE FROM audit WHERE key <= (SELECT max(key) FROM audit) - ?'),
  ];
  return {
    add(entry) {
      const line = encodeEntry(entry);
      insert.run(entry.time, entry.tool, entry.key, line);
      return line;
    },
    *list({ since = 0, tool = null, key = null }) {
      for (const { body } of select.iterate({ since, tool, name: key })) yield body as string;
    },
    prune() {
      old.run(now() - AUDIT_DAYS * DAY_MS);
      surplus.run(MAX_ENTRIES);
    },
  };
}

/** Encodes an entry as a line of JSON. */
function encodeEntry(entry: EndedAuditEntry): string {
  return JSON.stringify({
    time: new Date(entry.time).toISOString(),
    key: entry.key,
    assistant: entry.assistant,
    tool: entry.tool,
    arguments: entry.arguments,
    dry_run: entry.dryRun,
    outcome: entry.outcome,
    ms: entry.ms,
    request_id: entry.requestId,
    thread_id: entry.threadId,
    turn_id: entry.turnId,
  });
}
