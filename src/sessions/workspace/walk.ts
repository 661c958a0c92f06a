import { isUtf8 } from 'node:buffer';
import type { Stats } from 'node:fs';
import { lstat, opendir } from 'node:fs/promises';
import { join } from 'node:path';
import { isGitName } from './path-rules.ts';
import type { SkippedPath } from './entry.ts';

/** Folders of what tools make anew. They are walked last, so that a limit leaves them out first. */
const DERIVED = new Set([
  '.cache',
  '.next',
  '.tox',
  '.venv',
  '__pycache__',
  'bower_components',
  'build',
  'coverage',
  'dist',
  'node_modules',
  'target',
  'vendor',
  'venv',
]);

export interface WalkOptions {
  readonly maxFiles: number;
  /** Real paths of folders that are passed over. */
  readonly leftOut: readonly string[];
}

export interface Walk {
  /** Everything that was found, by its path relative to the root, in the order of the walk. */
  readonly found: ReadonlyMap<string, Stats>;
  readonly skipped: readonly SkippedPath[];
}

/**
 * Walks a folder level by level without following links or entering `.git`. A folder that would bring more files than
 * the limit allows is not entered.
 */
export async function walkWorkspace(root: string, { maxFiles, leftOut }: WalkOptions): Promise<Walk> {
  const found = new Map<string, Stats>();
  const skipped: SkippedPath[] = [];
  const folders = [''];
  const derived: string[] = [];
  for (let folder = folders.shift(); folder !== undefined; folder = folders.shift() ?? derived.shift()) {
    const listing = await listFolder(join(root, folder), maxFiles - found.size);
    if (typeof listing === 'string') {
      skipped.push({ path: folder, reason: listing });
      continue;
    }
    const paths = listing.names.map((name) => (folder === '' ? name : `${folder}/${name}`));
    for (const name of listing.unreadable)
      skipped.push({ path: `${folder}/${name}`, reason: 'name_not_utf8' });
    for (const [path, stats] of await lookAt(root, paths)) {
      if (leftOut.includes(join(root, path))) continue;
      found.set(path, stats);
      if (stats.isDirectory()) (isDerived(path) ? derived : folders).push(path);
    }
  }
  return { found, skipped };
}

function isDerived(path: string): boolean {
  return path.split('/').some((name) => DERIVED.has(name));
}

interface Listing {
  readonly names: readonly string[];
  readonly unreadable: readonly string[];
}

async function listFolder(path: string, maxNames: number): Promise<Listing | SkippedPath['reason']> {
  const names: string[] = [];
  const unreadable: string[] = [];
  try {
    for await (const entry of await opendir(path, {
      encoding: 'buffer' as BufferEncoding,
      bufferSize: 256,
    })) {
      const name = entry.name as unknown as Buffer;
      if (names.length >= maxNames) return 'too_many_files';
      if (!isUtf8(name)) unreadable.push(name.toString('latin1'));
      else if (!isGitName(name.toString())) names.push(name.toString());
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' || code === 'ENOTDIR' ? { names: [], unreadable: [] } : 'unreadable';
  }
  return { names: names.toSorted(), unreadable };
}

const AT_ONCE = 64;

/** Looks at many paths; one that has vanished is left out. */
async function lookAt(root: string, paths: readonly string[]): Promise<[string, Stats][]> {
  const found: [string, Stats][] = [];
  for (let start = 0; start < paths.length; start += AT_ONCE) {
    const piece = paths.slice(start, start + AT_ONCE);
    const stats = await Promise.all(piece.map((path) => lstat(join(root, path)).catch(() => undefined)));
    piece.forEach((path, index) => stats[index] && found.push([path, stats[index]]));
  }
  return found;
}
