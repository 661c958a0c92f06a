import type { Stats } from 'node:fs';
import { lstat, readlink } from 'node:fs/promises';
import { dirname, join, parse } from 'node:path';

const MAX_LINKS = 40;

export interface Location {
  /** The path with all links resolved; the last parts may not exist. */
  readonly path: string;
  /** Missing folders above it, the outermost first. */
  readonly missingFolders: readonly string[];
  /** Device and inode of every folder and file on the way. */
  readonly identities: ReadonlySet<string>;
}

export interface Identifiable {
  readonly dev: number;
  readonly ino: number;
}

export function identityOf({ dev, ino }: Identifiable): string {
  return `${dev}:${ino}`;
}

/**
 * Finds the place on disk that an absolute path means to the operating system, whether it exists or not: a link to
 * something missing leads to where the file would be made. With `keepLast`, a link at the end is the place itself.
 */
export async function locate(path: string, keepLast = false): Promise<Location> {
  const { root } = parse(path);
  const parts = partsOf(path.slice(root.length));
  let place = root;
  let links = 0;
  let firstMissing: string | undefined;
  const identities = new Set<string>();
  while (parts.length > 0) {
    const part = parts.shift()!;
    const next = part === '..' ? dirname(place) : join(place, part);
    const found = await lstat(next).catch(undefinedIfMissing);
    if (isFollowed(found, keepLast && parts.length === 0)) {
      links += 1;
      if (links > MAX_LINKS) throw new Error('too many links');
      const target = await readTarget(next);
      parts.unshift(...partsOf(target));
      place = target.startsWith('/') ? root : place;
    } else {
      if (found === undefined) firstMissing ??= next;
      else identities.add(identityOf(found));
      place = next;
    }
  }
  return { path: place, missingFolders: foldersBetween(firstMissing, place), identities };
}

/** Returns where a link leads. Throws for one that leads each process somewhere else. */
async function readTarget(link: string): Promise<string> {
  if (link.startsWith('/proc/')) throw new Error('a link of a process');
  return await readlink(link);
}

function isFollowed(found: Stats | undefined, isKept: boolean): boolean {
  return found !== undefined && found.isSymbolicLink() && !isKept;
}

function partsOf(path: string): string[] {
  return path.split('/').filter((part) => part !== '' && part !== '.');
}

function foldersBetween(first: string | undefined, path: string): string[] {
  if (first === undefined) return [];
  const folders: string[] = [];
  for (let folder = dirname(path); folder.length >= first.length; folder = dirname(folder))
    folders.unshift(folder);
  return folders;
}

function undefinedIfMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error;
}
