import { hash, randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { isDead } from './database/owner.ts';
import { write } from './database/transaction.ts';

/** The callers of a file, each with a random id that stands for a token. The tokens themselves are kept nowhere. */
export interface Callers {
  /** Returns the id of a caller, which is new for a new token; one whose token ends with a process goes with its owner. */
  idOf(token: string, owner?: string): string;
  /** Drops a caller with everything of its own. */
  forget(id: string): void;
  /** Drops the callers whose tokens have ended with their processes. */
  forgetDead(): void;
}

export function prepareCallers(database: DatabaseSync): Callers {
  const find = database.prepare('SELECT id, owner FROM callers WHERE token_digest = ?');
  const insert = database.prepare(
    `INSERT INTO callers (id, token_digest, owner) VALUES (?, ?, ?)
     ON CONFLICT (token_digest) DO UPDATE SET owner = excluded.owner`,
  );
  const owned = database.prepare('SELECT id, owner FROM callers WHERE owner IS NOT NULL');
  const removals = [
    'DELETE FROM responses WHERE caller = ?',
    'DELETE FROM conversations WHERE caller = ?',
    'DELETE FROM callers WHERE id = ?',
  ].map((sql) => database.prepare(sql));

  function forget(id: string): void {
    write(database, () => {
      for (const removal of removals) removal.run(id);
    });
  }
  return {
    idOf(token, owner) {
      const digest = hash('sha256', token, 'buffer');
      const look = () => find.get(digest) as { id: string; owner: string | null } | undefined;
      const known = look();
      // A caller that is known is found also where nothing can be written.
      if (known?.owner === (owner ?? null)) return known.id;
      insert.run(randomUUID(), digest, owner ?? null);
      return look()!.id;
    },
    forget,
    forgetDead() {
      for (const { id, owner } of owned.all()) if (isDead(owner as string)) forget(id as string);
    },
  };
}
