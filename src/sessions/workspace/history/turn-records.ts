import { join } from 'node:path';
import { compareSnapshots, type FileChange } from './changes.ts';
import { createContents, type Contents } from './contents.ts';
import type { SkippedPath } from './entry.ts';
import { pruneHistory } from './prune.ts';
import { createRecentSnapshots } from './recent-snapshots.ts';
import { takeSnapshot, type Snapshot, type SnapshotLimits } from './snapshot.ts';
import { createChangesFiles, createSnapshotFiles, type TurnChanges } from './turn-files.ts';

export interface TurnHistoryOptions {
  /** The folder in which contents and changes are kept. */
  readonly folder: string;
  readonly limits: SnapshotLimits;
  /** Real paths of further folders that are never read, such as those of configuration and state. */
  readonly leftOut: readonly string[];
}

/** Returns the changes that belong to the turn, of those that were made while it ran. */
export type AttributeChanges = (changes: readonly FileChange[]) => readonly FileChange[];

/** Records of turns on disk. Only one call at a time. */
export interface TurnRecords {
  readonly contents: Contents;
  begin(turnId: string, workspace: string, signal: AbortSignal): Promise<void>;
  end(turnId: string, attribute?: AttributeChanges): Promise<TurnChanges | undefined>;
  find(turnId: string): Promise<TurnChanges | undefined>;
  forget(turnIds: readonly string[]): Promise<void>;
  prune(): Promise<void>;
}

/** Creates the records in a folder, which is made with the first turn. */
export function createTurnRecords({ folder, limits, leftOut }: TurnHistoryOptions): TurnRecords {
  const contents = createContents(join(folder, 'contents'));
  const begun = createSnapshotFiles(join(folder, 'begun'));
  const ended = createChangesFiles(join(folder, 'ended'));
  const recent = createRecentSnapshots();
  const running = new Map<string, Snapshot>();

  const take = async (workspace: string, signal: AbortSignal): Promise<Snapshot> => {
    const earlier = recent.find(workspace);
    const options = { contents, limits, leftOut: [folder, ...leftOut], earlier, signal };
    const snapshot = await takeSnapshot(workspace, options);
    recent.add(snapshot);
    return snapshot;
  };
  const measure = async (turnId: string): Promise<TurnChanges | undefined> => {
    const before = running.get(turnId) ?? (await begun.load(turnId));
    if (before === undefined) return undefined;
    const after = await take(before.workspace, new AbortController().signal);
    return { turnId, endedAt: Date.now(), ...(await describeTurn(before, after)) };
  };
  const prune = () => pruneHistory({ contents, begun, ended, recent, limits });
  const pruneIfDue = createPruning(prune, () => contents.addedBytes, limits);
  const find = async (turnId: string) => (await ended.load(turnId)) ?? measure(turnId);

  return {
    contents,
    async begin(turnId, workspace, signal) {
      const snapshot = await take(workspace, signal);
      await begun.save(turnId, snapshot);
      running.set(turnId, snapshot);
    },
    async end(turnId, attribute = (changes) => changes) {
      const measured = await find(turnId);
      const turn = measured && { ...measured, changes: attribute(measured.changes) };
      if (turn !== undefined) await ended.save(turnId, turn);
      running.delete(turnId);
      await begun.remove(turnId);
      await pruneIfDue();
      return turn;
    },
    find,
    async forget(turnIds) {
      for (const turnId of turnIds) {
        running.delete(turnId);
        await begun.remove(turnId);
        await ended.remove(turnId);
      }
    },
    prune,
  };
}

const PRUNE_MS = 3_600_000;

/** Returns a function that prunes now and then: after an hour, or once a tenth of the limit was added. */
function createPruning(
  prune: () => Promise<void>,
  addedBytes: () => number,
  { bytes }: SnapshotLimits,
): () => Promise<void> {
  let last = { at: -Infinity, addedBytes: 0 };
  return async () => {
    const now = { at: performance.now(), addedBytes: addedBytes() };
    if (now.at - last.at < PRUNE_MS && now.addedBytes - last.addedBytes < bytes / 10) return;
    last = now;
    // Files that cannot be removed now go another time; the turn has nothing to do with it.
    await prune().catch(() => {});
  };
}

/** Maximum paths in the list of what was left out. */
const LISTED_SKIPPED = 200;

async function describeTurn(
  before: Snapshot,
  after: Snapshot,
): Promise<Omit<TurnChanges, 'turnId' | 'endedAt'>> {
  const skipped = new Map<string, SkippedPath>();
  for (const entry of [...before.skipped, ...after.skipped]) skipped.set(entry.path, entry);
  return {
    workspace: before.workspace,
    changes: await compareSnapshots(before, after),
    skipped: [...skipped.values()].slice(0, LISTED_SKIPPED),
    skippedCount: skipped.size,
  };
}
