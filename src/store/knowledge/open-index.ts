import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { IN_MEMORY } from '../database/open-database.ts';
import { loadSqlite } from '../database/load-sqlite.ts';
import type { DocumentGlobs } from './document-globs.ts';

/** The index can be made anew at any time: a file that cannot be used is replaced, and nothing waits for the disk. */
const SETTINGS = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = OFF;
  PRAGMA journal_size_limit = 4194304;
  PRAGMA busy_timeout = 10000;
`;

const TABLES = `
  CREATE TABLE IF NOT EXISTS documents (
    key INTEGER PRIMARY KEY,
    path TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    stamp TEXT NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS passages (
    key INTEGER PRIMARY KEY,
    document INTEGER NOT NULL,
    line INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS document_passages ON passages (document);
  CREATE VIRTUAL TABLE IF NOT EXISTS passage_texts USING fts5 (text, tokenize = 'porter unicode61 remove_diacritics 2');
`;

/** Changes with the tables, or with how a text is cut. */
const FORMAT = 1;

/** Days after which the index of globs that nobody uses is removed. */
const KEPT_DAYS = 30;

/** Opens the index of some globs in a folder, or in memory without one. */
export async function openIndex(folder: string | undefined, globs: DocumentGlobs): Promise<DatabaseSync> {
  const { DatabaseSync: Database } = await loadSqlite();
  if (folder === undefined) return prepare(new Database(IN_MEMORY));
  const digest = createHash('sha256')
    .update(JSON.stringify([FORMAT, globs]))
    .digest('hex')
    .slice(0, 16);
  const path = join(folder, `knowledge-${digest}.sqlite`);
  // `codex-gateway mcp` may be the first to need the folder.
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  removeUnused(folder, path);
  try {
    return openFile(new Database(path), path);
  } catch {
    removeFile(path);
    return openFile(new Database(path), path);
  }
}

function openFile(database: DatabaseSync, path: string): DatabaseSync {
  // SQLite gives its additional files the same mode.
  chmodSync(path, 0o600);
  return prepare(database);
}

function prepare(database: DatabaseSync): DatabaseSync {
  try {
    database.exec(SETTINGS);
    database.exec(TABLES);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function removeUnused(folder: string, used: string): void {
  const paths = readdirSync(folder)
    .filter((name) => /^knowledge-[0-9a-f]{16}\.sqlite$/.test(name))
    .map((name) => join(folder, name));
  for (const path of paths) {
    const ageMs = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (path !== used && ageMs > KEPT_DAYS * 86_400_000) removeFile(path);
  }
}

function removeFile(path: string): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${path}${suffix}`, { force: true });
}
