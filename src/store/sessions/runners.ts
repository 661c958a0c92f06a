import type { DatabaseSync } from 'node:sqlite';
import { isDeadOwner, isForeignOwner } from '../database/owner.ts';

/** Stands for a process that has closed the file during a turn. */
const CLOSED = 'closed';

/** Milliseconds without a change after which a process on another machine counts as dead: nothing else tells. */
const FOREIGN_PATIENCE_MS = 3_600_000;

/** A session that runs in a process. */
interface Run {
  readonly runner: string | null;
  readonly used_at: number;
}

/** Returns true if the process that ran the session has died, or has closed the file. */
export function hasDied({ runner, used_at: usedAt }: Run, now: number): boolean {
  if (runner === null) return false;
  if (runner === CLOSED || isDeadOwner(runner)) return true;
  return isForeignOwner(runner) && usedAt < now - FOREIGN_PATIENCE_MS;
}

/** Gives up the sessions that a process runs, since it is about to close the file. */
export function giveUpSessions(database: DatabaseSync, runner: string): void {
  database.prepare('UPDATE sessions SET runner = ? WHERE runner = ?').run(CLOSED, runner);
}
