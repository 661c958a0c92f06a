import { hash, randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { isDeadOwner } from './database/owner.ts';
import { write } from './database/transaction.ts';

/** The callers of a file, each with a random id for its token. The tokens themselves are not stored. */
export interface Callers {
  /** Returns the caller's id, a new one for a new token. With an `owner`, the caller lives as long as that process. */
  idOf(token: string, owner?: string): string;
  /** Returns the id of a known caller. */
  find(token: string): string | undefined;
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
    'DELETE FROM sessions WHERE caller = ?',
    'DELETE FROM callers WHERE id = ?',
  ].map((sql) => database.prepare(sql));

  const look = (token: string) =>
    find.get(digestOf(token)) as { id: string; owner: string | null } | undefined;
  function forget(id: string): void {
    write(database, () => {
      for (const removal of removals) removal.run(id);
    });
  }
  return {
    idOf(token, owner) {
      const known = look(token);
      // A known caller is found even if nothing can be written.
      if (known?.owner === (owner ?? null)) return known.id;
      insert.run(randomUUID(), digestOf(token), owner ?? null);
      return look(token)!.id;
    },
    find: (token) => look(token)?.id,
    forget,
    forgetDead() {
      for (const { id, owner } of owned.all()) if (isDeadOwner(owner as string)) forget(id as string);
    },
  };
}

/** Returns the secret by which the store knows a caller. The main one is known by its token, which contains no space. */
export function callerSecret(id: string): string {
  return `id ${id}`;
}

function digestOf(token: string): Buffer {
  return hash('sha256', token, 'buffer');
}
