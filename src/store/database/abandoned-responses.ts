import type { DatabaseSync } from 'node:sqlite';
import { isDeadOwner } from './owner.ts';

const ERROR = {
  type: 'server_error',
  code: 'server_error',
  message: 'The gateway ended before the response was complete.',
  param: null,
};

/** Marks responses in progress as failed whose process no longer works on them. */
export interface AbandonedResponses {
  /** Fails those of an owner if its process is dead. */
  ifDead(owner: string): void;
  /** Fails those of an owner. */
  ofOwner(owner: string): void;
  /** Fails those of every dead owner. */
  allDead(): void;
}

export function prepareAbandonedResponses(database: DatabaseSync): AbandonedResponses {
  const owners = database.prepare('SELECT DISTINCT owner FROM responses WHERE owner IS NOT NULL');
  const fail = database.prepare(
    `UPDATE responses SET status = 'failed', owner = NULL,
       body = json_set(body, '$.status', 'failed', '$.error', json(?)) WHERE owner = ?`,
  );
  function own(owner: string): void {
    fail.run(JSON.stringify(ERROR), owner);
  }
  function of(owner: string): void {
    if (isDeadOwner(owner)) own(owner);
  }
  return {
    ifDead: of,
    ofOwner: own,
    allDead() {
      for (const { owner } of owners.all()) of(owner as string);
    },
  };
}
