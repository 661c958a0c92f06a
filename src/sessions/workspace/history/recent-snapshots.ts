import type { Snapshot } from './snapshot.ts';

/** The last snapshots of the workspaces that were used last: files that look the same need not be read again. */
export interface RecentSnapshots {
  find(workspace: string): Snapshot | undefined;
  add(snapshot: Snapshot): void;
  /** Returns all of them, the oldest first. */
  all(): readonly Snapshot[];
}

const MAX_WORKSPACES = 4;

export function createRecentSnapshots(): RecentSnapshots {
  const snapshots = new Map<string, Snapshot>();
  return {
    find: (workspace) => snapshots.get(workspace),
    add(snapshot) {
      snapshots.delete(snapshot.workspace);
      snapshots.set(snapshot.workspace, snapshot);
      if (snapshots.size <= MAX_WORKSPACES) return;
      const [oldest] = snapshots.keys();
      snapshots.delete(oldest!);
    },
    all: () => [...snapshots.values()],
  };
}
