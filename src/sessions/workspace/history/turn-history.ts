import { createSemaphore } from '../../../base/async/semaphore.ts';
import { joinChanges } from './changes.ts';
import { describeChanges, type ChangesDescription } from './diff.ts';
import { explainDiskErrors } from './disk-error.ts';
import type { TurnChanges } from './turn-files.ts';
import { createTurnRecords, type AttributeChanges, type TurnHistoryOptions } from './turn-records.ts';
import { UndoSkippedError } from './undo-errors.ts';
import { undoTurns } from './undo.ts';

/** Keeps what turns changed on disk, so that it can be shown and undone, after a restart as well. */
export interface TurnHistory {
  /** Looks at the workspace before a turn. It is on disk when the promise resolves. */
  begin(turnId: string, workspace: string, signal?: AbortSignal): Promise<void>;
  /**
   * Looks at the workspace after a turn, also one of an earlier run, and keeps what changed. Returns the same again for
   * a turn that has ended, and undefined for one that is not known.
   */
  end(turnId: string, attribute?: AttributeChanges): Promise<TurnChanges | undefined>;
  /** Returns the changes of a turn; those of a running one are measured now. Returns undefined for an unknown turn. */
  find(turnId: string): Promise<TurnChanges | undefined>;
  /** Describes the changes of turns, the oldest first, as one diff. Unknown turns are passed over. */
  describe(turnIds: readonly string[]): Promise<ChangesDescription>;
  /**
   * Puts back what turns changed, the newest first, forgets them, and returns the paths of all but folders. Throws
   * UndoConflictError or UndoSkippedError, and then nothing was written. What fails later can be repeated.
   */
  undo(turnIds: readonly string[]): Promise<readonly string[]>;
  /** Forgets turns, such as those of a deleted session. */
  forget(turnIds: readonly string[]): Promise<void>;
  /** Removes what is older or larger than the limits allow. */
  prune(): Promise<void>;
}

/** Creates the history in a folder, which is made with the first turn. */
export function createTurnHistory(options: TurnHistoryOptions): TurnHistory {
  const records = createTurnRecords(options);
  // One at a time: a snapshot sees no undo half done, and nothing is removed that it relies on.
  const turns = createSemaphore(1);
  const never = new AbortController().signal;
  const run = <T>(work: () => Promise<T>, signal = never) =>
    turns.run(signal, () =>
      explainDiskErrors('The gateway cannot keep what turns change in the workspace', work),
    );
  const findAll = async (turnIds: readonly string[]): Promise<TurnChanges[]> => {
    const found: (TurnChanges | undefined)[] = [];
    for (const turnId of turnIds) found.push(await records.find(turnId));
    return found.filter((turn) => turn !== undefined);
  };

  return {
    begin: (turnId, workspace, signal = never) => run(() => records.begin(turnId, workspace, signal), signal),
    end: (turnId, attribute) => run(() => records.end(turnId, attribute)),
    find: (turnId) => run(() => records.find(turnId)),
    async describe(turnIds) {
      const found = await run(() => findAll(turnIds));
      return describeChanges(joinChanges(found.map(({ changes }) => changes)), records.contents);
    },
    undo: (turnIds) =>
      run(async () => {
        const found = await findAll(turnIds);
        const [newest] = found;
        if (newest === undefined || found.length < turnIds.length) throw new UndoSkippedError([]);
        const { contents } = records;
        const paths = await undoTurns(newest.workspace, found, {
          contents,
          fileBytes: options.limits.fileBytes,
        });
        await records.forget(turnIds);
        return paths;
      }),
    forget: (turnIds) => run(() => records.forget(turnIds)),
    prune: () => run(() => records.prune()),
  };
}
