import { join } from 'node:path';
import { compareSnapshots, joinChanges } from './changes.ts';
import { createContents } from './contents.ts';
import { describeChanges, type ChangesDescription } from './diff.ts';
import { takeSnapshot, type SnapshotLimits } from './snapshot.ts';
import { createChangesFiles, createSnapshotFiles, type TurnChanges } from './turn-files.ts';
import { undoTurns } from './undo.ts';

export interface TurnHistoryOptions {
  /** The folder in which contents and changes are kept. */
  readonly folder: string;
  readonly limits: SnapshotLimits;
  /** Further folders that are never read, such as those of configuration and state. */
  readonly leftOut: readonly string[];
}

/** Keeps what turns changed on disk, so that it can be shown and undone, after a restart as well. */
export interface TurnHistory {
  /** Looks at the workspace before a turn. It is on disk when the promise resolves. */
  begin(turnId: string, workspace: string): Promise<void>;
  /** Looks at the workspace after a turn, and keeps what changed. Returns undefined for an unknown turn. */
  end(turnId: string): Promise<TurnChanges | undefined>;
  /** Returns the changes of a turn; those of a running one are measured now. Returns undefined for an unknown turn. */
  find(turnId: string): Promise<TurnChanges | undefined>;
  /** Describes the changes of turns, the oldest first, as one diff. Unknown turns are passed over. */
  describe(turnIds: readonly string[]): Promise<ChangesDescription>;
  /**
   * Puts back what turns changed, the newest first, forgets them, and returns the paths. Throws UndoConflictError or
   * UndoSkippedError, and then nothing was written.
   */
  undo(turnIds: readonly string[]): Promise<readonly string[]>;
  /** Forgets turns, such as those of a deleted session. */
  forget(turnIds: readonly string[]): Promise<void>;
  /** Removes what is older or larger than the limits allow. */
  prune(): Promise<void>;
}

/** Creates the history in a folder, which is made with the first turn. */
export function createTurnHistory({ folder, limits, leftOut }: TurnHistoryOptions): TurnHistory {
  const contents = createContents(join(folder, 'contents'));
  const options = { contents, limits, leftOut: [folder, ...leftOut] };
  const begun = createSnapshotFiles(join(folder, 'begun'));
  const ended = createChangesFiles(join(folder, 'ended'));

  const measure = async (turnId: string): Promise<TurnChanges | undefined> => {
    const before = await begun.load(turnId);
    if (before === undefined) return undefined;
    const { workspace } = before;
    const after = await takeSnapshot(workspace, options);
    const skipped = [...before.skipped, ...after.skipped];
    return { turnId, workspace, endedAt: Date.now(), changes: compareSnapshots(before, after), skipped };
  };
  const find = async (turnId: string) => (await ended.load(turnId)) ?? measure(turnId);
  const findAll = async (turnIds: readonly string[]) =>
    (await Promise.all(turnIds.map(find))).filter((turn) => turn !== undefined);
  const forget = async (turnIds: readonly string[]) => {
    for (const turnId of turnIds) await Promise.all([begun.remove(turnId), ended.remove(turnId)]);
  };

  return {
    begin: async (turnId, workspace) => begun.save(turnId, await takeSnapshot(workspace, options)),
    async end(turnId) {
      const turn = await measure(turnId);
      if (turn === undefined) return undefined;
      await ended.save(turnId, turn);
      await begun.remove(turnId);
      return turn;
    },
    find,
    async describe(turnIds) {
      const turns = await findAll(turnIds);
      return describeChanges(joinChanges(turns.map(({ changes }) => changes)), contents);
    },
    async undo(turnIds) {
      const turns = await findAll(turnIds);
      const paths = await undoTurns(turns, options);
      await forget(turnIds);
      return paths;
    },
    forget,
    async prune() {
      for (const turnId of await ended.list()) {
        const turn = await ended.load(turnId);
        if (Date.now() - (turn?.endedAt ?? 0) > limits.days * 86_400_000) await ended.remove(turnId);
      }
    },
  };
}
