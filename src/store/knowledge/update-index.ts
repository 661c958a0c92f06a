import type { DatabaseSync } from 'node:sqlite';
import { write } from '../database/transaction.ts';
import type { DocumentGlobs } from './document-globs.ts';
import { listDocuments, type DocumentFile } from './list-documents.ts';
import { cutPassages } from './passages.ts';
import { readDocument } from './read-document.ts';

/** Documents that are written together: others who read the index see them early, and the log stays short. */
const AT_ONCE = 200;

/** Milliseconds by which the clocks of file systems are coarse: a later change may have the same time. */
const COARSE_MS = 2_000;

/** Makes the index agree with the documents on disk. */
export function updateIndex(database: DatabaseSync, globs: DocumentGlobs): void {
  const rows = database.prepare('SELECT key, path, name, stamp FROM documents').all() as unknown as Row[];
  const known = new Map(rows.map((row) => [row.path, row]));
  const files = listDocuments(globs);
  const present = new Set(files.map(({ path }) => path));
  const gone = rows.filter(({ path }) => !present.has(path));
  const changed = files.filter((file) => hasChanged(file, known.get(file.path)));
  if (gone.length + changed.length === 0) return;
  const writer = createWriter(database);
  for (let start = 0; start < Math.max(gone.length, changed.length); start += AT_ONCE) {
    const end = start + AT_ONCE;
    write(database, () => {
      for (const { path } of gone.slice(start, end)) writer.remove(path);
      for (const file of changed.slice(start, end)) writer.replace(file);
    });
  }
}

interface Row {
  readonly key: number;
  readonly path: string;
  readonly name: string;
  readonly stamp: string;
}

function hasChanged({ name, stamp }: DocumentFile, row: Row | undefined): boolean {
  return row?.stamp !== stamp || row.name !== name;
}

interface Writer {
  remove(path: string): void;
  replace(file: DocumentFile): void;
}

function createWriter(database: DatabaseSync): Writer {
  const find = database.prepare('SELECT key FROM documents WHERE path = ?');
  const removeTexts = database.prepare(
    'DELETE FROM passage_texts WHERE rowid IN (SELECT key FROM passages WHERE document = ?)',
  );
  const removePassages = database.prepare('DELETE FROM passages WHERE document = ?');
  const removeDocument = database.prepare('DELETE FROM documents WHERE key = ?');
  const addDocument = database.prepare('INSERT INTO documents (path, name, stamp) VALUES (?, ?, ?)');
  const addPassage = database.prepare('INSERT INTO passages (document, line) VALUES (?, ?)');
  const addText = database.prepare('INSERT INTO passage_texts (rowid, text) VALUES (?, ?)');

  function remove(path: string): void {
    const row = find.get(path) as { readonly key: number } | undefined;
    if (row === undefined) return;
    removeTexts.run(row.key);
    removePassages.run(row.key);
    removeDocument.run(row.key);
  }
  return {
    remove,
    replace({ path, name, stamp, changedAt }) {
      remove(path);
      // A document that was changed just now is read again, since it may change once more at the same time.
      const isSettled = Date.now() - changedAt > COARSE_MS;
      const text = readDocument(path);
      const { lastInsertRowid: document } = addDocument.run(path, name, isSettled ? stamp : '');
      if (text === undefined) return;
      for (const passage of cutPassages(text)) {
        const { lastInsertRowid: key } = addPassage.run(document, passage.line);
        addText.run(key, passage.text);
      }
    },
  };
}
