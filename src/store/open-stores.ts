import { MAIN_TOKEN } from '../base/scopes.ts';
import type { SessionStore } from '../conversation/ports/session-store.ts';
import type { Store } from '../conversation/ports/store.ts';
import { callerSecret, prepareCallers } from './callers.ts';
import { checkFreeSpace, prepareCheckWritable } from './database/check-writable.ts';
import { createConversations } from './conversations.ts';
import { prepareAbandonedResponses } from './database/abandoned-responses.ts';
import { startupError } from './database/file-problem.ts';
import { createItems, prepareFindItems } from './items.ts';
import { IN_MEMORY, openDatabase } from './database/open-database.ts';
import { registerOwner, retainOwner } from './database/owner.ts';
import { createPruning, prepareResponsePrune, type Retention } from './database/prune.ts';
import { createResponses } from './responses.ts';
import type { CallerScope } from './caller-scope.ts';
import { createSessionStore } from './sessions/create-session-store.ts';
import { prepareMakeRoom } from './sessions/make-room.ts';
import { giveUpSessions } from './sessions/runners.ts';
import { prepareSessionPrune } from './sessions/session-prune.ts';
import type { SessionCallers } from './sessions/session-scope.ts';

export interface StoresOptions {
  /** The file, in an existing folder; `:memory:` for one that ends with the process. */
  readonly path: string;
  readonly retention: Retention;
  /** Milliseconds that SQLite itself waits while another process writes. */
  readonly lockTimeoutMs?: number | undefined;
  /** A new owner by default. */
  readonly owner?: string | undefined;
  /** Maximum number of pages in the file, for tests of a full disk. */
  readonly maxPages?: number | undefined;
  /** Bytes that must be free on the disk for anything new to be stored. */
  readonly minFreeBytes?: number | undefined;
  /** Bytes that a database in memory may have before idle sessions are deleted. */
  readonly memoryBytes?: number | undefined;
  /** Returns Unix milliseconds. */
  now?(): number;
}

/** A file with the store of every caller. Several processes may have it open. */
export interface Stores {
  /** Returns the store of a token, the same one each time. The token itself is not stored. */
  forToken(token: string): Store;
  /** Does the same for a token that ends with this process: the next start deletes everything stored with it. */
  forEphemeralToken(token: string): Store;
  /** Returns the sessions of all callers, for a gateway with this main token. */
  sessionsFor(mainToken: string, isEphemeral: boolean): SessionStore;
  /** Deletes everything that was stored with a token. */
  forget(token: string): void;
  /** Marks the responses in progress as failed, gives up the sessions that run, and closes the file. */
  close(): void;
}

const MIN_FREE_BYTES = 1024 * 1024;

/** Opens the file. Rejects with a `StartupError`. */
export async function openStores(options: StoresOptions): Promise<Stores> {
  const { path, retention, minFreeBytes = MIN_FREE_BYTES, now = Date.now } = options;
  const database = await openDatabase(path, options.lockTimeoutMs);
  const { owner, release } = claimOwner(options.owner);
  const stores = new Map<string, Store>();
  const abandoned = prepareAbandonedResponses(database);
  const callers = prepareCallers(database);
  function close(): void {
    release();
    try {
      abandoned.ofOwner(owner);
      giveUpSessions(database, owner);
    } catch {
      // They are found once this process has ended.
    }
    database.close();
  }
  function storeOf(caller: string): Store {
    const checkWritable = prepareCheckWritable(database, { path, caller, minFreeBytes });
    const store = stores.get(caller) ?? createStore({ database, caller, owner, now }, prune, checkWritable);
    stores.set(caller, store);
    return store;
  }
  let prune: () => void;
  try {
    if (options.maxPages !== undefined) database.exec(`PRAGMA max_page_count = ${options.maxPages}`);
    const prunes = [prepareResponsePrune, prepareSessionPrune].map((make) => make(database, retention, now));
    prune = createPruning(database, prunes, now);
    abandoned.allDead();
    callers.forgetDead();
    prune();
  } catch (error) {
    close();
    throw startupError(error, path);
  }
  const room = {
    prepareToGrow() {
      checkFreeSpace(path, minFreeBytes);
      prune();
    },
    makeRoom: path === IN_MEMORY ? prepareMakeRoom(database, options.memoryBytes) : () => {},
  };
  return {
    forToken: (token) => storeOf(callers.idOf(token)),
    forEphemeralToken: (token) => storeOf(callers.idOf(token, owner)),
    sessionsFor(mainToken, isEphemeral) {
      const secretOf = (id: string) => (id === MAIN_TOKEN ? mainToken : callerSecret(id));
      const ownerOf = (id: string) => (id === MAIN_TOKEN && isEphemeral ? owner : undefined);
      const known: SessionCallers = {
        idOf: (id) => callers.idOf(secretOf(id), ownerOf(id)),
        find: (id) => callers.find(secretOf(id)),
      };
      return createSessionStore({ database, runner: owner, callers: known, ...room, now });
    },
    forget: (token) => callers.forget(callers.idOf(token, owner)),
    close,
  };
}

function claimOwner(owner: string | undefined): ReturnType<typeof registerOwner> {
  return owner === undefined ? registerOwner() : { owner, ...retainOwner(owner) };
}

function createStore(scope: CallerScope, prune: () => void, checkWritable: () => void): Store {
  const items = createItems(scope.database, scope.caller);
  const { touch, ...conversations } = createConversations(scope, items);
  const responses = createResponses(scope, items, touch);
  return {
    ...responses,
    ...conversations,
    findItems: prepareFindItems(scope, items),
    checkWritable: async () => checkWritable(),
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
