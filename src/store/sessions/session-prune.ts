import type { DatabaseSync } from 'node:sqlite';
import { DAY_MS, type Retention } from '../database/prune.ts';
import { hasDied } from './runners.ts';

/** Returns a function that deletes the sessions that exceed the limits, with everything that belongs to them. */
export function prepareSessionPrune(
  database: DatabaseSync,
  { days, count }: Retention,
  now: () => number,
): () => void {
  const running = database.prepare(
    'SELECT runner, max(used_at) AS used_at FROM sessions WHERE runner IS NOT NULL GROUP BY runner',
  );
  const old = database.prepare(
    `DELETE FROM sessions WHERE used_at < ?
     AND (runner IS NULL OR runner NOT IN (SELECT value FROM json_each(?)))`,
  );
  const surplus = database.prepare(
    `DELETE FROM sessions WHERE key IN (
       SELECT key FROM sessions ORDER BY used_at DESC, key DESC LIMIT -1 OFFSET ?
     ) AND (runner IS NULL OR runner NOT IN (SELECT value FROM json_each(?)))`,
  );
  return () => {
    const runs = running.all() as unknown as { readonly runner: string; readonly used_at: number }[];
    const live = JSON.stringify(runs.filter((run) => !hasDied(run, now())).map(({ runner }) => runner));
    old.run(now() - days * DAY_MS, live);
    surplus.run(count, live);
  };
}
