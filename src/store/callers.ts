import { hash, randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { isDeadOwner } from './database/owner.ts';
import { write } from './database/transaction.ts';

/** The callers of a file, each with a random id for its token. The tokens themselves are not stored. */
export interface Callers {
  /** Returns the caller's id, a new one for a new token. With an `owner`, the caller lives as long as that process. */
  idOf(token: string, owner?: string): string;
  /** Deletes a caller and everything it stored. */
  forget(id: string): void;
  /** Deletes the callers whose tokens ended with their processes. */
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
      // A known caller is found even if nothing can be written.
      if (known?.owner === (owner ?? null)) return known.id;
      insert.run(randomUUID(), digest, owner ?? null);
      return look()!.id;
    },
    forget,
    forgetDead() {
      for (const { id, owner } of owned.all()) if (isDeadOwner(owner as string)) forget(id as string);
    },
  };
}
