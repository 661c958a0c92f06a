import { readDiff } from '../../parts/diff-files.ts';
import type { EditEntry, Entry } from './entries.ts';

/** The changes of a patch, as a unified diff against those on disk. */
export type KnownChanges = string;

const KINDS = { created: 'add', deleted: 'delete', edited: 'update', renamed: 'update' } as const;

/**
 * Returns a patch with what it does to each file. The agent also calls a file new that it writes anew: the diff knows better, or an
 * earlier patch of the same file.
 */
export function withChanges(
  entry: EditEntry,
  known: KnownChanges | undefined,
  entries: readonly Entry[],
  undone: ReadonlySet<string>,
): EditEntry {
  const diffs = known === undefined ? [] : filesOf(known);
  const files = entry.files.map((file) => {
    const diff = diffs.find(({ path }) => isSamePath(file.path, path));
    if (diff !== undefined) return { ...file, change: KINDS[diff.change] };
    const isWritten = file.change === 'add' && wasWritten(file.path, entry, entries, undone);
    return isWritten ? { ...file, change: 'update' } : file;
  });
  return { ...entry, files };
}

function filesOf(diff: string) {
  try {
    return readDiff(diff);
  } catch {
    return [];
  }
}

/** Returns true for a file that an earlier patch has left on disk. */
function wasWritten(
  path: string,
  { key }: EditEntry,
  entries: readonly Entry[],
  undone: ReadonlySet<string>,
): boolean {
  const own = entries.findIndex((entry) => entry.key === key);
  const earlier = own === -1 ? entries : entries.slice(0, own);
  const last = earlier
    .filter(
      (entry) => entry.kind === 'edit' && entry.status === 'completed' && !undone.has(entry.turnId ?? ''),
    )
    .flatMap((entry) => (entry as EditEntry).files)
    .findLast((file) => file.path === path);
  return last !== undefined && last.change !== 'delete';
}

function isSamePath(path: string, relative: string): boolean {
  return path === relative || path.endsWith(`/${relative}`);
}

/** Returns those of the files that the patches of these turns have made. */
export function createdFiles(
  files: readonly string[],
  entries: readonly Entry[],
  turns: readonly string[],
): string[] {
  const changed = entries
    .filter(
      (entry) => entry.kind === 'edit' && entry.status === 'completed' && turns.includes(entry.turnId ?? ''),
    )
    .flatMap((entry) => (entry as EditEntry).files);
  return files.filter((file) => changed.find(({ path }) => isSamePath(path, file))?.change === 'add');
}

/** Returns an entry of a turn that has ended: nothing in it runs any more. */
export function settledEntry(entry: Entry): Entry {
  if ('status' in entry && entry.status === 'inProgress') return { ...entry, status: 'stopped' };
  return 'isWhole' in entry && !entry.isWhole ? { ...entry, isWhole: true } : entry;
}
