import { lstatSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { globSync } from 'tinyglobby';
import { isBelow } from '../../base/is-below.ts';
import type { DocumentGlob, DocumentGlobs } from './document-globs.ts';

/** A document on disk. */
export interface DocumentFile {
  /** The real path. */
  readonly path: string;
  /** Relative to the folder of its glob. */
  readonly name: string;
  /** While this stays the same, the content does too. */
  readonly stamp: string;
  /** Milliseconds since 1970 of its last change. */
  readonly changedAt: number;
}

/** Maximum bytes of a document: what is larger is data, not text that somebody reads. */
const MAX_BYTES = 10 * 1024 * 1024;

/** Maximum number of documents. */
const MAX_DOCUMENTS = 50_000;

/** Lists the documents of some globs. No link is followed: what it leads to counts where it lies, if a glob names that. */
export function listDocuments({ included, excluded, hidden }: DocumentGlobs): readonly DocumentFile[] {
  const found = new Map<string, DocumentFile>();
  // The place of a file may be a link that others change at any time, so that only its real path tells.
  const secret = hidden.map((path) => realPath(path) ?? path);
  for (const glob of included) {
    for (const file of listGlob(glob, excluded)) {
      if (secret.some((path) => file.path === path || isBelow(path, file.path))) continue;
      if (found.size >= MAX_DOCUMENTS) return [...found.values()];
      if (!found.has(file.path)) found.set(file.path, file);
    }
  }
  return [...found.values()];
}

function listGlob({ folder, pattern }: DocumentGlob, excluded: readonly string[]): DocumentFile[] {
  const root = realPath(folder);
  if (root === undefined) return [];
  const names = globSync(pattern, {
    cwd: root,
    // Patterns are written for the path in the config file, which may lead through a link.
    ignore: excluded.map((glob) =>
      glob.startsWith(`${folder}/`) ? join(root, glob.slice(folder.length)) : glob,
    ),
    followSymbolicLinks: false,
    expandDirectories: false,
  });
  return names.toSorted().flatMap((name) => look(join(root, name), name) ?? []);
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    // A folder that comes later is found then.
    return undefined;
  }
}

function look(path: string, name: string): DocumentFile | undefined {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (!stats?.isFile() || stats.size > MAX_BYTES) return undefined;
  const { mtimeMs, ctimeMs, ino, size } = stats;
  return { path, name, stamp: `${mtimeMs}:${ctimeMs}:${ino}:${size}`, changedAt: Math.max(mtimeMs, ctimeMs) };
}
