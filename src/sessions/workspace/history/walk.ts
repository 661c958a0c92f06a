import { isUtf8 } from 'node:buffer';
import type { Stats } from 'node:fs';
import { lstat, opendir } from 'node:fs/promises';
import { join } from 'node:path';
import type { SkippedPath, SkipReason } from './entry.ts';
import { isGitName } from '../path-rules.ts';

/** Folders of what tools make anew. They are walked last, so that a limit leaves them out first. */
const DERIVED = new Set([
  '.cache',
  '.gradle',
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
  readonly signal: AbortSignal;
}

export interface Walk {
  /** Everything that was found, by its path relative to the workspace, in the order of the walk. */
  readonly found: ReadonlyMap<string, Stats>;
  /** Folders that were not entered, and names that no string can hold. */
  readonly skipped: readonly SkippedPath[];
}

/**
 * Walks a workspace level by level without following links or entering `.git`. A folder that would bring more files
 * than the limit allows is not entered. The path of the workspace itself is empty.
 */
export async function walkWorkspace(workspace: string, options: WalkOptions): Promise<Walk> {
  const found = new Map<string, Stats>();
  const skipped: SkippedPath[] = [];
  const derived: string[] = [];
  const folders = [''];
  for (let folder = folders.shift(); folder !== undefined; folder = folders.shift() ?? derived.shift()) {
    options.signal.throwIfAborted();
    const entered = await enterFolder(workspace, folder, options.maxFiles - found.size);
    skipped.push(...entered.skipped);
    for (const [path, stats] of entered.children) {
      if (options.leftOut.includes(join(workspace, path))) continue;
      found.set(path, stats);
      if (stats.isDirectory()) (isDerived(path) ? derived : folders).push(path);
    }
  }
  return { found, skipped };
}

interface EnteredFolder {
  readonly children: readonly (readonly [path: string, Stats])[];
  readonly skipped: readonly SkippedPath[];
}

async function enterFolder(workspace: string, folder: string, maxNames: number): Promise<EnteredFolder> {
  const { names, odd, reason } = await listFolder(join(workspace, folder), maxNames);
  const paths = names.map((name) => childOf(folder, name));
  const children = await lookAt(workspace, paths);
  const skipped: SkippedPath[] = odd.map((name) => ({
    path: childOf(folder, name),
    reason: 'name_not_utf8',
  }));
  if (reason !== undefined || children === undefined) {
    skipped.push({ path: folder, reason: reason ?? 'unreadable' });
  }
  return { children: children ?? [], skipped };
}

function childOf(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}

function isDerived(path: string): boolean {
  return path.split('/').some((name) => DERIVED.has(name));
}

interface Listing {
  readonly names: readonly string[];
  /** Names that are not UTF-8, in a readable form. */
  readonly odd: readonly string[];
  /** The reason why the folder is not entered. */
  readonly reason?: SkipReason;
}

const NOTHING = { names: [], odd: [] };

async function listFolder(path: string, maxNames: number): Promise<Listing> {
  const names: string[] = [];
  const odd: string[] = [];
  try {
    // The declared type of the option does not know buffers.
    const encoding = 'buffer' as BufferEncoding;
    for await (const entry of await opendir(path, { encoding, bufferSize: 256 })) {
      const bytes = entry.name as unknown as Buffer;
      const name = bytes.toString();
      if (isGitName(name)) continue;
      if (names.length + odd.length >= maxNames) return { ...NOTHING, reason: 'too_many_files' };
      if (isUtf8(bytes)) names.push(name);
      else odd.push(bytes.toString('latin1'));
    }
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    return ['ENOENT', 'ENOTDIR'].includes(code) ? NOTHING : { ...NOTHING, reason: 'unreadable' };
  }
  return { names: names.toSorted(), odd };
}

const AT_ONCE = 64;

/** Looks at the paths in a folder; one that has vanished is left out. Returns undefined if that is not allowed. */
async function lookAt(workspace: string, paths: readonly string[]): Promise<[string, Stats][] | undefined> {
  const found: [string, Stats][] = [];
  for (let start = 0; start < paths.length; start += AT_ONCE) {
    const piece = paths.slice(start, start + AT_ONCE);
    const stats = await Promise.all(piece.map((path) => lstat(join(workspace, path)).catch(codeOf)));
    if (stats.includes('EACCES')) return undefined;
    piece.forEach((path, index) => {
      const entry = stats[index];
      if (typeof entry === 'object') found.push([path, entry]);
    });
  }
  return found;
}

function codeOf({ code = '' }: NodeJS.ErrnoException): string {
  return code;
}
