import { isUtf8 } from 'node:buffer';
import { constants, type Stats } from 'node:fs';
import { lstat, open, readlink, type FileHandle } from 'node:fs/promises';
import type { Entry, FileEntry } from './entry.ts';

/** Returns the digest of an open file, or undefined if it is too large. */
export type ReadDigest = (file: FileHandle) => Promise<string | undefined>;

/** Tries to read a file that is written meanwhile. */
const MAX_TRIES = 3;

/** Neither follows a link nor waits for the writer of a pipe that has come to this path meanwhile. */
const FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** Returns what is at a path now, or undefined if nothing is. */
export async function readEntry(path: string, readDigest: ReadDigest): Promise<Entry | undefined> {
  for (let triesLeft = MAX_TRIES; triesLeft > 0; triesLeft -= 1) {
    const stats = await lstat(path).catch(() => undefined);
    if (stats === undefined) return undefined;
    const entry = await readByType(path, stats, readDigest);
    const isBeingWritten = entry?.type === 'file' && entry.stamp === undefined;
    if (entry !== undefined && (!isBeingWritten || triesLeft === 1)) return entry;
  }
  return undefined;
}

async function readByType(path: string, stats: Stats, readDigest: ReadDigest): Promise<Entry | undefined> {
  if (stats.isSymbolicLink()) return readLink(path);
  if (stats.isFile()) return readFile(path, stats, readDigest);
  return { type: stats.isDirectory() ? 'folder' : 'special', mode: modeOf(stats) };
}

async function readLink(path: string): Promise<Entry | undefined> {
  const target = await readlink(path, { encoding: 'buffer' }).catch(() => undefined);
  if (target === undefined) return undefined;
  return isUtf8(target) ? { type: 'link', target: target.toString() } : { type: 'special', mode: 0o777 };
}

/** Returns undefined if there is no file at the path any more, and no stamp if it is written meanwhile. */
async function readFile(path: string, stats: Stats, readDigest: ReadDigest): Promise<FileEntry | undefined> {
  let file: FileHandle;
  try {
    file = await open(path, FLAGS);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    return ['ENOENT', 'ENOTDIR', 'ELOOP', 'ENXIO'].includes(code) ? undefined : withoutContent(stats);
  }
  try {
    const before = await file.stat();
    if (!before.isFile()) return undefined;
    const digest = await readDigest(file);
    const after = await file.stat();
    const { stamp, ...entry } = withoutContent(after);
    return {
      ...entry,
      ...(stampOf(before) === stamp && { stamp }),
      ...(digest !== undefined && { digest }),
    };
  } catch {
    return withoutContent(stats);
  } finally {
    await file.close();
  }
}

/** Returns the entry of a file whose content is not read. */
export function withoutContent(stats: Stats): FileEntry {
  return { type: 'file', mode: modeOf(stats), size: stats.size, stamp: stampOf(stats) };
}

export function modeOf({ mode }: { readonly mode: number }): number {
  return mode & 0o7777;
}

export function stampOf({ mtimeMs, ctimeMs, ino, size }: Stats): string {
  return `${mtimeMs}:${ctimeMs}:${ino}:${size}`;
}

/** Returns true if a file was written or replaced since its stamp. Another name that it gets or loses is not counted. */
export function isWrittenSince(stamp: string | undefined, { mtimeMs, ino, size }: Stats): boolean {
  const [mtime, , ...rest] = stamp?.split(':') ?? [];
  return mtime !== `${mtimeMs}` || rest.join(':') !== `${ino}:${size}`;
}
