import type { Store } from '../conversation/ports/store.ts';
import { prepareCallers } from './callers.ts';
import { prepareCheckWritable } from './database/check-writable.ts';
import { createConversations } from './conversations.ts';
import { prepareFailDead } from './database/fail-dead.ts';
import { startupError } from './database/file-problem.ts';
import { prepareFindItems } from './find-items.ts';
import { createItems } from './items.ts';
import { openDatabase } from './database/open-database.ts';
import { becomeOwner, holdOwner } from './database/owner.ts';
import { createPruning, type Bounds } from './database/prune.ts';
import { createResponses } from './responses.ts';
import type { Scope } from './scope.ts';

export interface StoresOptions {
  /** The file, in a folder that is there; `:memory:` for one that ends with the process. */
  readonly path: string;
  readonly bounds: Bounds;
  /** Milliseconds for which SQLite itself waits while another process writes. */
  readonly patience?: number | undefined;
  /** By default a new one. */
  readonly owner?: string | undefined;
  /** Maximum pages of the file, where a disk without room is tried out. */
  readonly maxPages?: number | undefined;
  /** Bytes of the disk that must be free for something new to be stored. */
  readonly spareBytes?: number | undefined;
  /** Unix milliseconds. */
  now?(): number;
}

/** One file with the store of every caller. Several processes may have it open. */
export interface Stores {
  /** Returns the store of a token, always the same one. The token itself is kept nowhere. */
  forToken(token: string): Store;
  /** Does the same for a token that ends with this process: at the next start, everything of its own is dropped. */
  forRun(token: string): Store;
  /** Drops everything that was stored with a token. */
  forget(token: string): void;
  /** Fails what is still on the way. */
  close(): void;
}

const SPARE_BYTES = 1024 * 1024;

/** Rejects with a `StartupError`. */
export async function openStores(options: StoresOptions): Promise<Stores> {
  const { path, bounds, spareBytes = SPARE_BYTES, now = Date.now } = options;
  const database = await openDatabase(path, options.patience);
  const { owner, letGo } = becomeOrHold(options.owner);
  const stores = new Map<string, Store>();
  const failDead = prepareFailDead(database);
  const callers = prepareCallers(database);
  function close(): void {
    letGo();
    try {
      failDead.own(owner);
    } catch {
      // It fails when the process has ended.
    }
    database.close();
  }
  function storeOf(caller: string): Store {
    const checkWritable = prepareCheckWritable(database, { path, caller, spareBytes });
    const store = stores.get(caller) ?? createStore({ database, caller, owner, now }, prune, checkWritable);
    stores.set(caller, store);
    return store;
  }
  let prune: () => void;
  try {
    if (options.maxPages !== undefined) database.exec(`PRAGMA max_page_count = ${options.maxPages}`);
    prune = createPruning(database, bounds, now);
    failDead.all();
    callers.forgetDead();
    prune();
  } catch (error) {
    close();
    throw startupError(error, path);
  }
  return {
    forToken: (token) => storeOf(callers.idOf(token)),
    forRun: (token) => storeOf(callers.idOf(token, owner)),
    forget: (token) => callers.forget(callers.idOf(token, owner)),
    close,
  };
}

function becomeOrHold(owner: string | undefined): ReturnType<typeof becomeOwner> {
  return owner === undefined ? becomeOwner() : { owner, ...holdOwner(owner) };
}

function createStore(scope: Scope, prune: () => void, checkWritable: () => void): Store {
  const items = createItems(scope.database, scope.caller);
  const { use, ...conversations } = createConversations(scope, items);
  const responses = createResponses(scope, items, use);
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
