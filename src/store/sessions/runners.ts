import { isDeadOwner } from '../database/owner.ts';
import type { DatabaseSync } from 'node:sqlite';

/** Stands for a process that has closed the file during a turn. */
const CLOSED = 'closed';

/** Returns true if the process that ran a turn has died, or has closed the file. */
export function isDeadRunner(runner: string): boolean {
  return runner === CLOSED || isDeadOwner(runner);
}

/** Gives up the sessions that a process runs, since it is about to close the file. */
export function giveUpSessions(database: DatabaseSync, runner: string): void {
  database.prepare('UPDATE sessions SET runner = ? WHERE runner = ?').run(CLOSED, runner);
}
