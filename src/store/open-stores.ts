import { hash, randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { Store } from '../conversation/store.ts';
import { createConversations } from './conversations.ts';
import { prepareFailDead } from './fail-dead.ts';
import { startupError } from './file-problem.ts';
import { prepareFindItems } from './find-items.ts';
import { createItems } from './items.ts';
import { openDatabase } from './open-database.ts';
import { becomeOwner } from './owner.ts';
import { createPruning, type Bounds } from './prune.ts';
import { createResponses } from './responses.ts';
import type { Scope } from './scope.ts';
import { write } from './transaction.ts';

export interface StoresOptions {
  /** The file, in a folder that is there; `:memory:` for one that ends with the process. */
  readonly path: string;
  readonly bounds: Bounds;
  /** Unix milliseconds. */
  now?(): number;
}

/** One file with the store of every caller. Several processes may have it open. */
export interface Stores {
  /** The store of whoever has this token, always the same one. The token itself is kept nowhere. */
  forToken(token: string): Store;
  /** Drops all that whoever has this token has stored. */
  forget(token: string): void;
  /** What is still on the way has failed from now on. */
  close(): void;
}

/** Rejects with a `StartupError`. */
export async function openStores({ path, bounds, now = Date.now }: StoresOptions): Promise<Stores> {
  const database = await openDatabase(path);
  const { owner, letGo } = becomeOwner();
  const stores = new Map<string, Store>();
  function close(): void {
    letGo();
    database.close();
  }
  let prune: () => void;
  try {
    prune = createPruning(database, bounds, now);
    prepareFailDead(database).all();
    prune();
  } catch (error) {
    close();
    throw startupError(error, path);
  }
  return {
    forToken(token) {
      const caller = callerOf(database, token);
      const store = stores.get(caller) ?? createStore({ database, caller, owner, now }, prune);
      stores.set(caller, store);
      return store;
    },
    forget: (token) => forgetCaller(database, callerOf(database, token)),
    close,
  };
}

/** The random id by which a token's caller goes. */
function callerOf(database: DatabaseSync, token: string): string {
  const digest = hash('sha256', token, 'buffer');
  database
    .prepare('INSERT INTO callers (id, token_digest) VALUES (?, ?) ON CONFLICT DO NOTHING')
    .run(randomUUID(), digest);
  const row = database.prepare('SELECT id FROM callers WHERE token_digest = ?').get(digest);
  return row!.id as string;
}

function forgetCaller(database: DatabaseSync, caller: string): void {
  write(database, () => {
    database.prepare('DELETE FROM responses WHERE caller = ?').run(caller);
    database.prepare('DELETE FROM conversations WHERE caller = ?').run(caller);
    database.prepare('DELETE FROM callers WHERE id = ?').run(caller);
  });
}

function createStore(scope: Scope, prune: () => void): Store {
  const items = createItems(scope.database, scope.caller);
  const { use, ...conversations } = createConversations(scope, items);
  const responses = createResponses(scope, items, use);
  return {
    ...responses,
    ...conversations,
    findItems: prepareFindItems(scope, items),
    async saveResponse(response) {
      prune();
      return await responses.saveResponse(response);
    },
    async saveConversation(conversation) {
      prune();
      await conversations.saveConversation(conversation);
    },
  };
}
