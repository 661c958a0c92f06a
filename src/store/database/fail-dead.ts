import type { DatabaseSync } from 'node:sqlite';
import { isDead } from './owner.ts';

const ERROR = {
  type: 'server_error',
  code: 'server_error',
  message: 'The gateway ended before the response was complete.',
  param: null,
};

/** Marks as failed what dead processes have left on the way. */
export interface FailDead {
  /** All of one owner's, where it is dead. */
  of(owner: string): void;
  /** All of one owner's, which gives up. */
  own(owner: string): void;
  /** All of every dead owner's. */
  all(): void;
}

export function prepareFailDead(database: DatabaseSync): FailDead {
  const owners = database.prepare('SELECT DISTINCT owner FROM responses WHERE owner IS NOT NULL');
  const fail = database.prepare(
    `UPDATE responses SET status = 'failed', owner = NULL,
       body = json_set(body, '$.status', 'failed', '$.error', json(?)) WHERE owner = ?`,
  );
  function own(owner: string): void {
    fail.run(JSON.stringify(ERROR), owner);
  }
  function of(owner: string): void {
    if (isDead(owner)) own(owner);
  }
  return {
    of,
    own,
    all() {
      for (const { owner } of owners.all()) of(owner as string);
    },
  };
}
