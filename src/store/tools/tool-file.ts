import type { DatabaseKind } from '../database/database-kind.ts';

/**
 * The audit is only added to; what is too old goes as a whole. The large columns of results come last, so that the others are
 * read without them.
 */
const TABLES = `
  CREATE TABLE audit (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    time INTEGER NOT NULL, -- milliseconds
    tool TEXT NOT NULL,
    caller_name TEXT NOT NULL,
    -- 1 for work that may have changed something
    is_change INTEGER NOT NULL,
    body TEXT NOT NULL -- the line of the entry
  ) STRICT;
  CREATE INDEX audit_by_time ON audit (time);
  CREATE INDEX audit_by_change ON audit (is_change);
  CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit
    BEGIN SELECT RAISE(ABORT, 'the audit is never changed'); END;

  -- calls that work, which are missing from the audit until they have ended
  CREATE TABLE begun_calls (
    id TEXT PRIMARY KEY,
    owner TEXT NOT NULL, -- the process, as JSON
    entry TEXT NOT NULL
  ) STRICT;

  CREATE TABLE keyed_calls (
    key INTEGER PRIMARY KEY,
    caller TEXT NOT NULL,
    tool TEXT NOT NULL,
    idempotency_key TEXT NOT NULL,
    digest TEXT NOT NULL,
    -- id of the call that works or has worked last
    call TEXT NOT NULL,
    -- the process that works on it; null if none does
    owner TEXT,
    used_at INTEGER NOT NULL, -- milliseconds
    bytes INTEGER NOT NULL DEFAULT 0,
    -- null while there is none
    result TEXT,
    UNIQUE (caller, tool, idempotency_key)
  ) STRICT;
  CREATE INDEX keyed_calls_by_call ON keyed_calls (call);
  CREATE INDEX keyed_calls_by_use ON keyed_calls (used_at);
`;

/** The file of tool calls: their audit, and the results that are kept under idempotency keys. */
export const TOOL_FILE: DatabaseKind = { name: 'file of tool calls', steps: [TABLES], orWithout: '' };
