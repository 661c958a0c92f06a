import type { DatabaseSync } from 'node:sqlite';

/** Whose rows are meant; every statement is bound to the caller, or to keys that one of those has found. */
export interface Scope {
  readonly database: DatabaseSync;
  readonly caller: string;
  /** This process, as an owner of what it works on. */
  readonly owner: string;
  /** Unix milliseconds. */
  now(): number;
}

/** Milliseconds for which a row that was used is not written again for being used, so that reading seldom writes. */
export const USE_GRAIN = 60_000;
