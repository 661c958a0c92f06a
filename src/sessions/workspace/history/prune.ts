import type { Contents } from './contents.ts';
import type { Entry } from './entry.ts';
import type { RecentSnapshots } from './recent-snapshots.ts';
import type { Snapshot, SnapshotLimits } from './snapshot.ts';
import type { TurnChanges, TurnFiles } from './turn-files.ts';

export interface KeptHistory {
  readonly contents: Contents;
  readonly begun: TurnFiles<Snapshot>;
  readonly ended: TurnFiles<TurnChanges>;
  readonly recent: RecentSnapshots;
  readonly limits: SnapshotLimits;
}

const DAY_MS = 86_400_000;

/**
 * Removes turns that are too old, contents that nothing needs any more, and then, while more is kept than the limit
 * allows, first what only makes the next snapshot fast, and then the turns that ended first. Never removes what a
 * running turn needs, or the turn that ended last.
 */
export async function pruneHistory(history: KeptHistory): Promise<void> {
  const { contents, recent, limits } = history;
  await contents.removeDrafts();
  const oldest = Date.now() - limits.days * DAY_MS;
  const needed = await findNeeded(history, oldest);
  const ended = await findEnded(history, oldest);
  const sizes = new Map(await contents.sizes());
  const useful = new Set(recent.all().flatMap(({ entries }) => digestsIn(entries.values())));

  let bytes = [...sizes.values(), ...ended.map((turn) => turn.bytes)].reduce((sum, size) => sum + size, 0);
  const uses = countUses(ended);
  const remove = async (digest: string) => {
    bytes -= sizes.get(digest) ?? 0;
    sizes.delete(digest);
    await contents.remove(digest);
  };
  const isFree = (digest: string) => !needed.has(digest) && !uses.has(digest);
  for (const digest of [...sizes.keys()].filter(isFree)) {
    if (!useful.has(digest) || bytes > limits.bytes) await remove(digest);
  }
  for (const { turnId, digests, bytes: ownBytes } of ended.slice(0, -1)) {
    if (bytes <= limits.bytes) return;
    await history.ended.remove(turnId);
    bytes -= ownBytes;
    for (const digest of digests) {
      const left = uses.get(digest)! - 1;
      if (left > 0) uses.set(digest, left);
      else uses.delete(digest);
      if (isFree(digest)) await remove(digest);
    }
  }
}

/** Returns the digests that running turns need. Turns that nobody has ended are forgotten after a while. */
async function findNeeded({ begun }: KeptHistory, oldest: number): Promise<ReadonlySet<string>> {
  const needed = new Set<string>();
  for (const turnId of (await begun.list()).keys()) {
    const snapshot = await begun.load(turnId);
    if (snapshot === undefined || snapshot.takenAt < oldest) await begun.remove(turnId);
    else for (const digest of digestsIn(snapshot.entries.values())) needed.add(digest);
  }
  return needed;
}

interface EndedTurn {
  readonly turnId: string;
  readonly endedAt: number;
  /** Bytes of its file. */
  readonly bytes: number;
  readonly digests: readonly string[];
}

/** Returns the finished turns that are young enough, the oldest first. */
async function findEnded({ ended }: KeptHistory, oldest: number): Promise<EndedTurn[]> {
  const turns: EndedTurn[] = [];
  for (const [turnId, bytes] of await ended.list()) {
    const turn = await ended.load(turnId);
    if (turn === undefined || turn.endedAt < oldest) await ended.remove(turnId);
    else {
      const digests = new Set(digestsIn(turn.changes.flatMap(({ before, after }) => [before, after])));
      turns.push({ turnId, bytes, endedAt: turn.endedAt, digests: [...digests] });
    }
  }
  return turns.toSorted((one, other) => one.endedAt - other.endedAt);
}

function countUses(turns: readonly EndedTurn[]): Map<string, number> {
  const uses = new Map<string, number>();
  for (const digest of turns.flatMap(({ digests }) => digests)) uses.set(digest, (uses.get(digest) ?? 0) + 1);
  return uses;
}

function digestsIn(entries: Iterable<Entry | undefined>): string[] {
  return [...entries].flatMap((entry) => (entry?.type === 'file' && entry.digest ? [entry.digest] : []));
}
