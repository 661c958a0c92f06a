import type { DatabaseSync } from 'node:sqlite';

/** Everything that reading and writing sessions needs. */
export interface SessionScope {
  readonly database: DatabaseSync;
  /** This process, as the one that runs turns. */
  readonly runner: string;
  readonly callers: SessionCallers;
  /** Deletes what exceeds the limits from time to time; throws if the disk is full. */
  prepareToGrow(): void;
  /** Deletes idle sessions that would take too much memory. */
  makeRoom(): void;
  /** Returns Unix milliseconds. */
  now(): number;
}

/** The callers of a file by the ids that others know them by. */
export interface SessionCallers {
  /** Returns the caller's row, a new one for a new caller. */
  idOf(owner: string): string;
  /** Returns undefined for a caller that has never stored anything. */
  find(owner: string): string | undefined;
}
