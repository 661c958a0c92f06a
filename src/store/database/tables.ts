/**
 * Sessions have messages and events as rows of their own. An event's id is given by the caller; which ones are no longer kept is
 * remembered, as is how much is kept.
 */
const SESSION_TABLES = `
  CREATE TABLE sessions (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    -- the row of the caller whose session it is, and the id by which others know that caller
    caller TEXT NOT NULL,
    owner TEXT NOT NULL,
    -- the process that runs a turn of it, as JSON; null while there is none
    runner TEXT,
    updated_at INTEGER NOT NULL, -- milliseconds
    used_at INTEGER NOT NULL, -- milliseconds
    event_count INTEGER NOT NULL DEFAULT 0,
    event_bytes INTEGER NOT NULL DEFAULT 0,
    last_event INTEGER NOT NULL DEFAULT 0,
    -- id of the last event that is no longer kept
    forgotten_event INTEGER NOT NULL DEFAULT 0,
    body TEXT NOT NULL
  ) STRICT;
  CREATE INDEX listed_sessions ON sessions (caller, updated_at, id);
  CREATE INDEX used_sessions ON sessions (used_at);
  CREATE INDEX running_sessions ON sessions (runner) WHERE runner IS NOT NULL;

  -- apart, because the row of a session is written with each of its events
  CREATE TABLE session_details (
    session INTEGER PRIMARY KEY REFERENCES sessions ON DELETE CASCADE,
    json TEXT NOT NULL
  ) STRICT;

  -- in the order of their keys
  CREATE TABLE session_messages (
    key INTEGER PRIMARY KEY,
    session INTEGER NOT NULL REFERENCES sessions ON DELETE CASCADE,
    id TEXT NOT NULL,
    json TEXT NOT NULL,
    UNIQUE (session, id)
  ) STRICT;
  CREATE INDEX message_order ON session_messages (session, key);

  CREATE TABLE session_events (
    key INTEGER PRIMARY KEY,
    session INTEGER NOT NULL REFERENCES sessions ON DELETE CASCADE,
    id INTEGER NOT NULL,
    json TEXT NOT NULL,
    UNIQUE (session, id)
  ) STRICT;
`;

/**
 * Responses and conversations hold items. The content of an item is stored once for each caller, whatever its id and
 * however many items have it, because clients send their whole history, images included, with every request. It is deleted
 * with its last item. Large columns come last, so that the others are read without them. Keys of responses and
 * conversations are never reused: code that found a key may use it after another process has deleted the row, and must
 * not find a row of another caller.
 */
const TABLES = `
  CREATE TABLE callers (
    id TEXT PRIMARY KEY,
    token_digest BLOB NOT NULL UNIQUE,
    -- the process with which the token ends, as JSON; null for a lasting token
    owner TEXT
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE responses (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    caller TEXT NOT NULL,
    id TEXT NOT NULL,
    status TEXT NOT NULL,
    -- the process that works on it, as JSON; null once it has ended
    owner TEXT,
    previous_id TEXT,
    conversation_id TEXT,
    background INTEGER NOT NULL,
    created_at INTEGER NOT NULL, -- seconds
    used_at INTEGER NOT NULL, -- milliseconds
    -- without its output
    body TEXT NOT NULL,
    events TEXT,
    UNIQUE (caller, id)
  ) STRICT;
  CREATE INDEX ended_responses ON responses (used_at) WHERE owner IS NULL;
  CREATE INDEX open_responses ON responses (caller, conversation_id) WHERE owner IS NOT NULL;

  CREATE TABLE conversations (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    caller TEXT NOT NULL,
    id TEXT NOT NULL,
    created_at INTEGER NOT NULL, -- seconds
    used_at INTEGER NOT NULL, -- milliseconds
    metadata TEXT NOT NULL,
    UNIQUE (caller, id)
  ) STRICT;
  CREATE INDEX used_conversations ON conversations (used_at);

  CREATE TABLE contents (
    key INTEGER PRIMARY KEY,
    caller TEXT NOT NULL,
    digest BLOB NOT NULL,
    -- with an empty id
    json TEXT NOT NULL,
    UNIQUE (caller, digest)
  ) STRICT;

  -- in the order of their keys
  CREATE TABLE items (
    key INTEGER PRIMARY KEY,
    caller TEXT NOT NULL,
    id TEXT,
    content INTEGER NOT NULL REFERENCES contents,
    -- one of the two holds it
    response INTEGER REFERENCES responses ON DELETE CASCADE,
    conversation INTEGER REFERENCES conversations ON DELETE CASCADE,
    is_output INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX item_ids ON items (caller, id);
  CREATE INDEX item_contents ON items (content);
  CREATE INDEX response_items ON items (response, is_output) WHERE response IS NOT NULL;
  CREATE UNIQUE INDEX conversation_items ON items (conversation, id) WHERE conversation IS NOT NULL;

  CREATE TRIGGER forget_content AFTER DELETE ON items
  WHEN NOT EXISTS (SELECT 1 FROM items WHERE content = OLD.content)
  BEGIN
    DELETE FROM contents WHERE key = OLD.content;
  END;
  ${SESSION_TABLES}
`;

/** SQL that takes a file from each version to the next; a change of the tables needs a new step. */
export const STEPS: readonly string[] = [TABLES, 'ALTER TABLE callers ADD COLUMN owner TEXT', SESSION_TABLES];
