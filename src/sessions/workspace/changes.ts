import { isSameEntry, type Entry } from './entry.ts';
import type { Snapshot } from './snapshot.ts';

/** One path that changed on disk. */
export interface FileChange {
  /** Relative to the workspace. */
  readonly path: string;
  /** Undefined if the path did not exist. */
  readonly before: Entry | undefined;
  readonly after: Entry | undefined;
}

/** Returns everything that changed between two snapshots, in the order of the paths. */
export function compareSnapshots(before: Snapshot, after: Snapshot): FileChange[] {
  const paths = new Set([...before.entries.keys(), ...after.entries.keys()]);
  const changes: FileChange[] = [];
  for (const path of paths) {
    const change = { path, before: before.entries.get(path), after: after.entries.get(path) };
    if (!isSameEntry(change.before, change.after)) changes.push(change);
  }
  return changes.toSorted((one, other) => (one.path < other.path ? -1 : 1));
}

/** Joins the changes of several turns, the oldest first, to what changed in all. */
export function joinChanges(turns: readonly (readonly FileChange[])[]): FileChange[] {
  const joined = new Map<string, FileChange>();
  for (const change of turns.flat()) {
    const earlier = joined.get(change.path);
    joined.set(change.path, earlier ? { ...change, before: earlier.before } : change);
  }
  return [...joined.values()]
    .filter(({ before, after }) => !isSameEntry(before, after))
    .toSorted((one, other) => (one.path < other.path ? -1 : 1));
}
