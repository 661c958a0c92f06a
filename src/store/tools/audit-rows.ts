import type { DatabaseSync } from 'node:sqlite';
import type { EndedAuditEntry } from '../../tools/ports.ts';

/** Days for which entries are kept in the table. */
const AUDIT_DAYS = 90;

/** Maximum number of entries of changes, and of the others: a flood of calls cannot push out what has changed something. */
const MAX_ENTRIES = 50_000;

const DAY_MS = 86_400_000;

/** Limits of a list of entries; each that is missing lets everything through. */
export interface AuditQuery {
  /** Milliseconds since 1970. */
  readonly since?: number | undefined;
  /** Name of a tool, also as clients of the Model Context Protocol write it. */
  readonly tool?: string | undefined;
  /** Name of the caller's key. */
  readonly key?: string | undefined;
}

/** Limits of a page of entries, the latest first. */
export interface AuditPageQuery extends AuditQuery {
  readonly assistant?: string | undefined;
  /** `changes` are calls that may have changed something. */
  readonly show?: 'ok' | 'failed' | 'changes' | undefined;
  /** Number of the entry before which the page begins. */
  readonly before?: number | undefined;
  readonly limit: number;
}

/** An entry with its number in the order in which calls ended. */
export interface AuditRow {
  readonly number: number;
  readonly line: string;
}

export interface AuditNames {
  readonly tools: readonly string[];
  readonly keys: readonly string[];
}

/** The table of the audit. */
export interface AuditRows {
  /** Adds an entry, and returns its line. */
  add(entry: EndedAuditEntry): string;
  /** Returns the lines of entries, oldest first. */
  list(query: AuditQuery): Iterable<string>;
  /** Returns a page of entries, the latest first. */
  page(query: AuditPageQuery): AuditRow[];
  /** Returns the names of the tools and keys that the entries have. */
  names(): AuditNames;
  /** Deletes entries that are too old or too many. */
  prune(): void;
}

export function prepareAuditRows(
  database: DatabaseSync,
  now: () => number,
  maxEntries: number = MAX_ENTRIES,
): AuditRows {
  const insert = database.prepare(
    'INSERT INTO audit (time, tool, caller_name, is_change, body) VALUES (?, ?, ?, ?, ?)',
  );
  const select = database.prepare(
    `SELECT body FROM audit
     WHERE time >= :since AND (:tool IS NULL OR ${plain('tool')} = ${plain(':tool')}) AND (:name IS NULL OR caller_name = :name)
     ORDER BY time, key`,
  );
  const page = database.prepare(
    `SELECT key, body FROM audit
     WHERE time >= :since AND (:before IS NULL OR key < :before)
       AND (:tool IS NULL OR tool = :tool) AND (:name IS NULL OR caller_name = :name)
       AND (:assistant IS NULL OR body ->> '$.assistant' = :assistant)
       AND CASE :show WHEN 'ok' THEN body ->> '$.outcome' = 'ok' WHEN 'failed' THEN body ->> '$.outcome' <> 'ok'
         WHEN 'changes' THEN is_change = 1 ELSE 1 END
     ORDER BY key DESC LIMIT :limit`,
  );
  const [tools, keys] = ['tool', 'caller_name'].map((column) =>
    database.prepare(`SELECT DISTINCT ${column} AS name FROM audit ORDER BY name`),
  );
  const [old, surplus] = [
    database.prepare('DELETE FROM audit WHERE time < ?'),
    database.prepare(
      `DELETE FROM audit WHERE is_change = :change AND key <= (
         SELECT key FROM audit WHERE is_change = :change ORDER BY key DESC LIMIT 1 OFFSET :kept
       )`,
    ),
  ];
  return {
    add(entry) {
      const line = encodeEntry(entry);
      insert.run(entry.time, entry.tool, entry.key, Number(entry.isChange), line);
      return line;
    },
    *list({ since = 0, tool = null, key = null }) {
      for (const { body } of select.iterate({ since, tool, name: key })) yield body as string;
    },
    page({ since = 0, before = null, tool = null, key = null, assistant = null, show = null, limit }) {
      const rows = page.all({ since, before, tool, name: key, assistant, show, limit });
      return rows.map(({ key: number, body }) => ({ number: number as number, line: body as string }));
    },
    names: () => ({
      tools: tools!.all().map(({ name }) => name as string),
      keys: keys!.all().map(({ name }) => name as string),
    }),
    prune() {
      old.run(now() - AUDIT_DAYS * DAY_MS);
      for (const change of [0, 1]) surplus.run({ change, kept: maxEntries });
    },
  };
}

/** Returns the SQL of a name in which the signs that clients cannot write are underscores. */
function plain(name: string): string {
  return `replace(replace(${name}, '.', '_'), '-', '_')`;
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
