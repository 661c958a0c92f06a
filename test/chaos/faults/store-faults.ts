import { execFileSync } from 'node:child_process';
import { existsSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Ending } from '../journal.ts';
import { addTokens } from '../process/chaos-gateway.ts';
import { handlesSignal } from '../process/processes.ts';
import type { Run } from '../run.ts';
import { askBeside } from './ask-beside.ts';
import type { Fault } from './fault.ts';

/** Requests that write into the store. */
const STORING = ['response, whole', 'response, background'];

/** Returns an excuse by outcome. A response in the background fails, too, if its beginning was stored and it could not go on. */
const isUnstored =
  (pattern: RegExp) =>
  ({ kind, outcome }: Ending) =>
    pattern.test(outcome) || (kind === 'response, background' && outcome === '200 server_error');

const storeOf = ({ gateway }: Run) => join(gateway.stateFolder, 'store.sqlite');

/** Runs work on the store's file; it may be in use at this moment. */
async function onDatabase(database: DatabaseSync, sql: string): Promise<void> {
  for (let left = 200; ; left -= 1) {
    try {
      return database.exec(sql);
    } catch (error) {
      if (left === 0) throw error;
      await sleep(25);
    }
  }
}

export const STORE_LOCKED: Fault = {
  name: 'store locked',
  replaces: 'nothing',
  async strike(run, random) {
    const database = new DatabaseSync(storeOf(run), { timeout: 0 });
    try {
      await onDatabase(database, 'BEGIN IMMEDIATE');
      const window = run.journal.openWindow(
        'store locked',
        isUnstored(/^(?:\d+ storage_busy|503 unready store)$/),
      );
      askBeside(run, random, STORING);
      await sleep(random.pick([500, 2000, 7000]));
      database.exec('ROLLBACK');
      window.endedMs = run.journal.nowMs();
    } finally {
      database.close();
    }
  },
};

/** Makes all writes of responses fail until it is over. */
export const STORE_BROKEN: Fault = {
  name: 'store broken',
  replaces: 'nothing',
  async strike(run, random) {
    const database = new DatabaseSync(storeOf(run), { timeout: 0 });
    try {
      const isBroken = isUnstored(/(?: storage_failed|^503 unready store)$/);
      const window = run.journal.openWindow('store broken', isBroken);
      for (const event of ['INSERT', 'UPDATE'])
        await onDatabase(
          database,
          `CREATE TRIGGER chaos_${event} BEFORE ${event} ON responses BEGIN SELECT RAISE(ABORT, 'broken'); END`,
        );
      askBeside(run, random, STORING);
      await sleep(random.between(1000, 3000) * run.pace);
      for (const event of ['INSERT', 'UPDATE']) await onDatabase(database, `DROP TRIGGER chaos_${event}`);
      window.endedMs = run.journal.nowMs();
    } finally {
      database.close();
    }
  },
};

/** Gives the gateway's files a largest size, which the store has reached. */
export const STORE_FULL: Fault = {
  name: 'store full',
  replaces: 'nothing',
  async strike(run, random) {
    const { gateway, journal } = run;
    // By default, this signal ends a process at its limit.
    if (!handlesSignal(gateway.pid(), SIGXFSZ)) throw new Error('The gateway does not handle SIGXFSZ.');
    const limit = (bytes: number | 'unlimited') =>
      execFileSync('prlimit', ['--pid', String(gateway.pid()), `--fsize=${bytes}:unlimited`]);
    const isFull = isUnstored(/^(?:\d+ storage_(?:full|failed)|503 unready store)$/);
    const window = journal.openWindow('store full', isFull);
    limit(statSync(storeOf(run)).size);
    askBeside(run, random, STORING);
    await sleep(random.between(1000, 3000) * run.pace);
    limit('unlimited');
    window.endedMs = journal.nowMs();
  },
};

const SIGXFSZ = 25;

export const STATE_REMOVED: Fault = {
  name: 'state folder removed',
  replaces: 'child',
  async strike(run, random) {
    const { gateway, journal, vault } = run;
    // What was stored is gone, and with it the beginnings of conversations.
    const isGone =
      /^(?:400 previous_response_not_found|401 invalid_api_key|401 upgrade|404 \w+|\d+ storage_failed|\d+ codex_unavailable|200 (?:server_error|invalid_api_key)|503 unready [ a-z]+)$/;
    const window = journal.openWindow('state folder removed', ({ outcome }) => isGone.test(outcome));
    vault.forget();
    run.tokens.splice(1);
    // A file that the gateway writes meanwhile can end a removal early.
    do rmSync(gateway.stateFolder, { recursive: true, force: true, maxRetries: 5 });
    while (existsSync(join(gateway.stateFolder, 'tokens')));
    askBeside(run, random, STORING);
    await sleep(2000);
    // Answers that were being stored meanwhile.
    vault.forget();
    run.tokens.push(...(await addTokens(gateway)));
    window.endedMs = journal.nowMs();
  },
};
