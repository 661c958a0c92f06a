import { constants, type Stats } from 'node:fs';
import { lstat, open, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Contents } from './contents.ts';
import type { Entry, SkippedPath } from './entry.ts';
import { walkWorkspace } from './walk.ts';

export interface SnapshotLimits {
  /** Maximum number of files and folders. */
  readonly files: number;
  /** Maximum bytes of contents in one snapshot, and of what is kept of all finished turns. */
  readonly bytes: number;
  /** Maximum bytes of one file. */
  readonly fileBytes: number;
  /** Days after which a turn cannot be undone any more. */
  readonly days: number;
}

/** A workspace at one time. */
export interface Snapshot {
  readonly workspace: string;
  /** Everything in the workspace by its relative path. */
  readonly entries: ReadonlyMap<string, Entry>;
  readonly skipped: readonly SkippedPath[];
}

export interface SnapshotParts {
  readonly contents: Contents;
  readonly limits: SnapshotLimits;
  /** Real paths of folders that no snapshot contains. */
  readonly leftOut: readonly string[];
}

/** Compares a workspace by path, type, mode, link target and content, and keeps the contents. */
export async function takeSnapshot(workspace: string, options: SnapshotParts): Promise<Snapshot> {
  const { found, skipped } = await walkWorkspace(workspace, {
    maxFiles: options.limits.files,
    leftOut: options.leftOut,
  });
  const entries = new Map<string, Entry>();
  const allSkipped = [...skipped];
  for (const [path, stats] of found) {
    const entry = await readEntry(join(workspace, path), stats, options);
    if (entry !== undefined) entries.set(path, entry);
  }
  return { workspace, entries, skipped: allSkipped };
}

async function readEntry(path: string, stats: Stats, options: SnapshotParts): Promise<Entry | undefined> {
  const mode = stats.mode & 0o7777;
  if (stats.isSymbolicLink()) return { type: 'link', target: await readlink(path) };
  if (stats.isDirectory()) return { type: 'folder', mode };
  if (!stats.isFile()) return { type: 'special', mode };
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const digest = await options.contents.add(file, options.limits.fileBytes);
    const entry = { type: 'file', mode, size: stats.size, stamp: stampOf(stats) } as const;
    return digest === undefined ? entry : { ...entry, digest };
  } finally {
    await file.close();
  }
}

function stampOf({ mtimeMs, ctimeMs, ino }: Stats): string {
  return `${mtimeMs}:${ctimeMs}:${ino}`;
}

/** Returns what is at a path now, or undefined if nothing is. */
export async function findEntry(path: string, options: SnapshotParts): Promise<Entry | undefined> {
  const stats = await lstat(path).catch(() => undefined);
  return stats && readEntry(path, stats, options);
}
