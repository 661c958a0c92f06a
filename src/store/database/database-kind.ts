import { STEPS } from './tables.ts';

/** A kind of database file. */
export interface DatabaseKind {
  /** As in an error: `file of stored responses`. */
  readonly name: string;
  /** SQL that takes a file from each version to the next; the first one makes the tables of the newest version. */
  readonly steps: readonly string[];
  /** The end of a sentence that says how to go without the file; empty if that is impossible. */
  readonly orWithout: string;
}

/** The file of stored responses, conversations and sessions. */
export const RESPONSE_FILE: DatabaseKind = {
  name: 'file of stored responses',
  steps: STEPS,
  orWithout: ', or set "store": false in the config file',
};
