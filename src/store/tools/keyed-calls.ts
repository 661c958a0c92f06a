import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Beginning, IdempotentCall, KeptResult } from '../../tools/ports.ts';
import { isDeadOwner, isForeignOwner } from '../database/owner.ts';

/** Milliseconds for which a result is kept under its key. */
const KEPT_MS = 24 * 3_600_000;

/** Maximum bytes of all results, and maximum number of them; the oldest of the caller with the most go first. */
const MAX_BYTES = 256 * 1024 * 1024;
const MAX_RESULTS = 20_000;

/** Milliseconds after which a process on another machine counts as dead: no call takes longer. */
const FOREIGN_PATIENCE_MS = 2 * 3_600_000;

interface Row {
  readonly key: number;
  readonly digest: string;
  readonly call: string;
  readonly owner: string | null;
  readonly used_at: number;
  readonly result: string | null;
}

export interface KeyBounds {
  readonly maxResults?: number | undefined;
  readonly maxResultBytes?: number | undefined;
}

/** The calls that have idempotency keys. */
export interface KeyedCalls {
  /** Assigns a key to a call, unless it has a result, or is of another call that works. */
  claim(id: string, keyed: IdempotentCall): Beginning;
  /** Keeps the result of a call under its key; without one, the next call takes the work up. */
  settle(id: string, result: KeptResult | undefined): void;
  /** Gives up the calls of a process that is about to close the file. */
  giveUp(owner: string): void;
  prune(): void;
}

export function prepareKeyedCalls(
  database: DatabaseSync,
  owner: string,
  now: () => number,
  bounds: KeyBounds = {},
): KeyedCalls {
  const find = database.prepare(
    'SELECT * FROM keyed_calls WHERE caller = ? AND tool = ? AND idempotency_key = ?',
  );
  const remove = database.prepare('DELETE FROM keyed_calls WHERE key = ?');
  const insert = database.prepare(
    `INSERT INTO keyed_calls (caller, tool, idempotency_key, digest, call, owner, used_at)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  );
  const takeUp = database.prepare('UPDATE keyed_calls SET call = ?, owner = ?, used_at = ? WHERE key = ?');
  const settle = database.prepare(
    'UPDATE keyed_calls SET owner = NULL, used_at = ?, bytes = ?, result = ? WHERE call = ?',
  );
  const giveUp = database.prepare('UPDATE keyed_calls SET owner = NULL WHERE owner = ?');

  return {
    claim(id, { caller, tool, key, digest }) {
      const row = find.get(caller, tool, key) as Row | undefined;
      const isCurrent = row !== undefined && (isAtWork(row, now()) || row.used_at >= now() - KEPT_MS);
      if (!isCurrent) {
        if (row !== undefined) remove.run(row.key);
        insert.run(caller, tool, key, digest, id, owner, now());
        return { state: 'begun' };
      }
      if (row.digest !== digest) return { state: 'other-arguments' };
      if (row.result !== null) return { state: 'ended', result: JSON.parse(row.result) as KeptResult };
      if (isAtWork(row, now())) return { state: 'running' };
      takeUp.run(id, owner, now(), row.key);
      return { state: 'taken-up' };
    },
    settle(id, result) {
      const text = result === undefined ? null : JSON.stringify(result);
      settle.run(now(), text?.length ?? 0, text, id);
    },
    giveUp: (gone) => void giveUp.run(gone),
    prune: prepareKeyPrune(database, now, bounds),
  };
}

function isAtWork({ owner, used_at: usedAt }: Row, now: number): boolean {
  return owner !== null && !hasEnded(owner, usedAt, now);
}

/** Returns true if the process that began something at a time has ended, as far as one can tell. */
export function hasEnded(owner: string, begunAt: number, now: number): boolean {
  return isDeadOwner(owner) || (isForeignOwner(owner) && begunAt < now - FOREIGN_PATIENCE_MS);
}

function prepareKeyPrune(
  database: DatabaseSync,
  now: () => number,
  { maxResults = MAX_RESULTS, maxResultBytes = MAX_BYTES }: KeyBounds,
): () => void {
  const old = database.prepare('DELETE FROM keyed_calls WHERE used_at < ? AND owner IS NULL');
  const total = database.prepare('SELECT count(*) AS results, sum(bytes) AS bytes FROM keyed_calls');
  const largest = (measure: string) =>
    database.prepare(
      `SELECT caller, count(*) AS results FROM keyed_calls WHERE owner IS NULL
       GROUP BY caller ORDER BY ${measure} DESC LIMIT 1`,
    );
  const [most, heaviest] = [largest('count(*)'), largest('sum(bytes)')];
  const removeOldest = database.prepare(
    `DELETE FROM keyed_calls WHERE key IN (
       SELECT key FROM keyed_calls WHERE owner IS NULL AND caller = ? ORDER BY used_at, key LIMIT ?
     )`,
  );
  /** Removes results of the caller who has the most: nobody can displace those of others. */
  function remove(from: StatementSync, count: (results: number) => number): boolean {
    const found = from.get() as { caller: string; results: number } | undefined;
    return found !== undefined && removeOldest.run(found.caller, count(found.results)).changes > 0;
  }
  return () => {
    old.run(now() - KEPT_MS);
    for (;;) {
      const { results, bytes } = total.get() as { results: number; bytes: number | null };
      const isHeavy = (bytes ?? 0) > maxResultBytes;
      if (!isHeavy && results <= maxResults) return;
      const isDone = isHeavy
        ? remove(heaviest, (own) => Math.ceil(own / 2))
        : remove(most, () => results - maxResults);
      if (!isDone) return;
    }
  };
}
