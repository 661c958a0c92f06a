import { createPace } from '../../../base/async/pace.ts';
import { isSameEntry, type Entry } from './entry.ts';
import type { Snapshot } from './snapshot.ts';

/** One path that changed on disk. */
export interface FileChange {
  /** Relative to the workspace. */
  readonly path: string;
  /** Undefined if the path did not exist. */
  readonly before?: Entry | undefined;
  readonly after?: Entry | undefined;
  /** True if another turn that ran at the same time may have made the change as well. */
  readonly isContested?: true;
}

/**
 * Returns everything that changed between two snapshots, in the order of the paths. In a folder that one of them did
 * not enter, nothing is known to have changed.
 */
export async function compareSnapshots(before: Snapshot, after: Snapshot): Promise<FileChange[]> {
  const pace = createPace();
  const paths = new Set([...before.entries.keys(), ...after.entries.keys()]);
  const unread = findUnread(before, after);
  const changes: FileChange[] = [];
  for (const path of paths) {
    await pace();
    const change = { path, before: before.entries.get(path), after: after.entries.get(path) };
    if (!isSameEntry(change.before, change.after) && !isBelow(path, unread)) changes.push(change);
  }
  return sortByPath(changes);
}

/** Joins the changes of several turns, the oldest first, to what changed in all. */
export function joinChanges(turns: readonly (readonly FileChange[])[]): FileChange[] {
  const joined = new Map<string, FileChange>();
  for (const change of turns.flat()) {
    const earlier = joined.get(change.path);
    joined.set(change.path, earlier ? { ...change, before: earlier.before } : change);
  }
  return sortByPath([...joined.values()].filter(({ before, after }) => !isSameEntry(before, after)));
}

/** Returns the folders that exist on both sides and that one side did not enter. */
function findUnread(before: Snapshot, after: Snapshot): ReadonlySet<string> {
  const isFolder = (path: string, { entries }: Snapshot) =>
    path === '' || entries.get(path)?.type === 'folder';
  const skipped = [...before.skipped, ...after.skipped].map(({ path }) => path);
  return new Set(skipped.filter((path) => isFolder(path, before) && isFolder(path, after)));
}

function isBelow(path: string, folders: ReadonlySet<string>): boolean {
  if (folders.size === 0) return false;
  if (folders.has('')) return true;
  for (let end = path.indexOf('/'); end !== -1; end = path.indexOf('/', end + 1)) {
    if (folders.has(path.slice(0, end))) return true;
  }
  return false;
}

function sortByPath(changes: readonly FileChange[]): FileChange[] {
  return changes.toSorted((one, other) => (one.path < other.path ? -1 : 1));
}
