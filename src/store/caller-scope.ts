import type { DatabaseSync } from 'node:sqlite';

/** Whose rows are read and written; each statement is bound to the caller, or to keys found with the caller. */
export interface CallerScope {
  readonly database: DatabaseSync;
  readonly caller: string;
  /** This process, as the owner of the responses it works on. */
  readonly owner: string;
  /** Returns Unix milliseconds. */
  now(): number;
}
