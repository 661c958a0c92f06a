import type { Stats } from 'node:fs';
import { join } from 'node:path';
import { createPace, type Pace } from '../../../base/async/pace.ts';
import type { Contents } from './contents.ts';
import type { Entry, FileEntry, SkippedPath } from './entry.ts';
import { modeOf, readEntry, stampOf, withoutContent } from './read-entry.ts';
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
  /** Milliseconds since 1970 at which it was begun. */
  readonly takenAt: number;
  /** Everything in the workspace by its relative path. */
  readonly entries: ReadonlyMap<string, Entry>;
  /** Everything that a limit left out. */
  readonly skipped: readonly SkippedPath[];
}

export interface TakeOptions {
  readonly contents: Contents;
  readonly limits: SnapshotLimits;
  /** Real paths of folders that no snapshot contains. */
  readonly leftOut: readonly string[];
  /** An earlier snapshot of the same workspace: files that look the same are not read again. */
  readonly earlier?: Snapshot | undefined;
  readonly signal: AbortSignal;
}

/** Takes a snapshot of everything in a workspace that is compared, and keeps the contents. */
export async function takeSnapshot(workspace: string, options: TakeOptions): Promise<Snapshot> {
  const { contents, limits, leftOut, signal } = options;
  const takenAt = Date.now();
  const { found, skipped } = await walkWorkspace(workspace, { maxFiles: limits.files, leftOut, signal });
  const look: Look = {
    ...options,
    workspace,
    kept: await contents.names(),
    pace: createPace(),
    bytesLeft: limits.bytes,
    entries: new Map(),
    skipped: [...skipped],
  };
  const rest = found.entries();
  await Promise.all(Array.from({ length: AT_ONCE }, () => readAll(rest, look)));
  for (const { path } of skipped) markUnread(path, look.entries);
  return { workspace, takenAt, entries: look.entries, skipped: look.skipped };
}

const AT_ONCE = 8;

/** A snapshot that is being taken. */
interface Look extends TakeOptions {
  readonly workspace: string;
  readonly kept: ReadonlySet<string>;
  readonly pace: Pace;
  bytesLeft: number;
  readonly entries: Map<string, Entry>;
  readonly skipped: SkippedPath[];
}

async function readAll(rest: Iterator<[string, Stats]>, look: Look): Promise<void> {
  for (;;) {
    look.signal.throwIfAborted();
    await look.pace();
    const next = rest.next();
    if (next.done === true) return;
    // Nothing waits until a file is read, so that the order of the walk decides what the limits leave out.
    const [path, stats] = next.value;
    const entry = stats.isDirectory()
      ? ({ type: 'folder', mode: modeOf(stats) } as const)
      : (stats.isFile() && findKnownEntry(path, stats, look)) || (await readLimited(path, stats, look));
    if (entry !== undefined) look.entries.set(path, entry);
  }
}

/** Milliseconds by which the clocks of file systems are coarse: a later change may have the same time. */
const COARSE_MS = 2_000;

/** Returns the earlier entry of a file that has not changed since. */
function findKnownEntry(path: string, stats: Stats, look: Look): FileEntry | undefined {
  const entry = look.earlier?.entries.get(path);
  if (entry?.type !== 'file' || entry.digest === undefined || !look.kept.has(entry.digest)) return undefined;
  if (entry.stamp !== stampOf(stats) || entry.mode !== modeOf(stats)) return undefined;
  if (stats.ctimeMs > look.earlier!.takenAt - COARSE_MS || stats.size > look.bytesLeft) return undefined;
  look.bytesLeft -= stats.size;
  return entry;
}

async function readLimited(path: string, stats: Stats, look: Look): Promise<Entry | undefined> {
  const { fileBytes } = look.limits;
  if (stats.isFile() && stats.size > Math.min(fileBytes, look.bytesLeft)) {
    look.skipped.push({ path, reason: stats.size > fileBytes ? 'file_too_large' : 'too_many_bytes' });
    return withoutContent(stats);
  }
  const reserved = stats.isFile() ? stats.size : 0;
  look.bytesLeft -= reserved;
  const entry = await readEntry(join(look.workspace, path), (file) => look.contents.add(file, fileBytes));
  if (entry?.type !== 'file') look.bytesLeft += reserved;
  else if (entry.digest === undefined) {
    look.skipped.push({ path, reason: entry.size > fileBytes ? 'file_too_large' : 'unreadable' });
  }
  return entry;
}

/** Marks a folder that was not entered. */
function markUnread(path: string, entries: Map<string, Entry>): void {
  const entry = entries.get(path);
  if (entry?.type === 'folder') entries.set(path, { ...entry, isUnread: true });
}
