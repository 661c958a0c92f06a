import type { DatabaseSync } from 'node:sqlite';
import type { AuditEntry, Beginning, BegunCall, CallEnd } from '../../tools/ports.ts';
import { checkFreeSpace } from '../database/check-writable.ts';
import { IN_MEMORY, openDatabase } from '../database/open-database.ts';
import { registerOwner, retainOwner } from '../database/owner.ts';
import { createPruning } from '../database/prune.ts';
import { write } from '../database/transaction.ts';
import { createAuditLines, type AuditLines } from './audit-lines.ts';
import {
  prepareAuditRows,
  type AuditNames,
  type AuditPageQuery,
  type AuditQuery,
  type AuditRow,
  type AuditRows,
} from './audit-rows.ts';
import { hasEnded, prepareKeyedCalls, type KeyBounds, type KeyedCalls } from './keyed-calls.ts';
import { TOOL_FILE } from './tool-file.ts';

export interface ToolLedgerOptions extends KeyBounds {
  /** The file, in an existing folder; `:memory:` for one that ends with the process. */
  readonly path: string;
  /** The file to which the audit is added as lines; none for a database in memory. */
  readonly linesPath?: string | undefined;
  /** Milliseconds that SQLite itself waits while another process writes. */
  readonly lockTimeoutMs?: number | undefined;
  /** Milliseconds for which opening is tried again while another process writes. */
  readonly openTimeoutMs?: number | undefined;
  /** A new owner by default. */
  readonly owner?: string | undefined;
  /** Bytes that must be free on the disk for anything new to begin. */
  readonly minFreeBytes?: number | undefined;
  /** Maximum bytes of one file of lines. */
  readonly maxLineBytes?: number | undefined;
  /** Maximum number of entries of each kind in the table of the audit. */
  readonly maxEntries?: number | undefined;
  /** Returns Unix milliseconds. */
  now?(): number;
}

/** A page of the audit, and the names that all of it has. */
export interface LedgerPage extends AuditNames {
  readonly rows: readonly AuditRow[];
}

/** The ledger in this thread. Its methods throw what SQLite throws. */
export interface OpenedToolLedger {
  begin(call: BegunCall): Beginning;
  abandon(id: string): void;
  end(call: CallEnd): void;
  /** Returns the lines of the audit, oldest first. */
  list(query: AuditQuery): Iterable<string>;
  /** Returns entries of the audit, the latest first, with the names of tools and keys that it has. */
  page(query: AuditPageQuery): LedgerPage;
  /** Returns the names of the tools and keys that the audit has. */
  names(): AuditNames;
  /** Gives up the calls in progress, and closes the file. */
  close(): void;
}

const MIN_FREE_BYTES = 1024 * 1024;

/** Status of a call whose process has ended in it. */
const CRASHED = '500';

/** Opens the file. Rejects with a `StartupError`, or with what SQLite throws. */
export async function openToolLedger(options: ToolLedgerOptions): Promise<OpenedToolLedger> {
  const { path, linesPath, minFreeBytes = MIN_FREE_BYTES, now = Date.now } = options;
  const database = await openDatabase(path, options.lockTimeoutMs, TOOL_FILE, options.openTimeoutMs);
  const { owner, release } = claimOwner(options.owner);
  const audit = prepareAuditRows(database, now, options.maxEntries);
  const keyed = prepareKeyedCalls(database, owner, now, options);
  const lines = linesPath === undefined ? undefined : createAuditLines(linesPath, options.maxLineBytes);
  const begun = prepareBegunCalls(database, audit, lines, now);
  const prune = createPruning(database, [begun.endDead, audit.prune, keyed.prune], now);

  function endDead(): void {
    try {
      write(database, begun.endDead);
    } catch {
      // Another process writes; the calls of dead ones are listed later.
    }
  }

  const parts = { database, owner, audit, keyed, lines, begun, prune };
  return {
    ...prepareWrites(parts, () => {
      if (path !== IN_MEMORY) checkFreeSpace(path, minFreeBytes);
    }),
    *list(query) {
      endDead();
      yield* audit.list(query);
    },
    page(query) {
      endDead();
      return { rows: audit.page(query), ...audit.names() };
    },
    names: audit.names,
    close() {
      release();
      try {
        keyed.giveUp(owner);
      } catch {
        // They are taken up once this process has ended.
      }
      database.close();
    },
  };
}

interface LedgerParts {
  readonly database: DatabaseSync;
  readonly owner: string;
  readonly audit: AuditRows;
  readonly keyed: KeyedCalls;
  readonly lines: AuditLines | undefined;
  readonly begun: ReturnType<typeof prepareBegunCalls>;
  readonly prune: () => void;
}

/** Prepares the methods that write, each in one transaction. */
function prepareWrites(
  { database, owner, audit, keyed, lines, begun, prune }: LedgerParts,
  checkSpace: () => void,
): Pick<OpenedToolLedger, 'begin' | 'abandon' | 'end'> {
  return {
    begin: ({ id, entry, idempotent }) =>
      write(database, () => {
        checkSpace();
        lines?.check();
        prune();
        const beginning: Beginning =
          idempotent === undefined ? { state: 'begun' } : keyed.claim(id, idempotent);
        if (beginning.state === 'taken-up') begun.endDead();
        if (beginning.state === 'begun' || beginning.state === 'taken-up') begun.add(id, owner, entry);
        return beginning;
      }),
    abandon: (id) =>
      write(database, () => {
        begun.remove(id);
        keyed.settle(id, undefined);
      }),
    end({ id, entry, result }) {
      let problem: unknown;
      write(database, () => {
        const line = audit.add(entry);
        if (id !== undefined) {
          begun.remove(id);
          keyed.settle(id, result);
        }
        prune();
        try {
          lines?.append(line);
        } catch (error) {
          // The table has the entry all the same.
          problem = error;
        }
      });
      if (problem !== undefined) throw problem;
    },
  };
}

/** Prepares the calls that work, whose entries are complete only at their ends. */
function prepareBegunCalls(
  database: DatabaseSync,
  audit: AuditRows,
  lines: AuditLines | undefined,
  now: () => number,
) {
  const insert = database.prepare('INSERT INTO begun_calls (id, owner, entry) VALUES (?, ?, ?)');
  const remove = database.prepare('DELETE FROM begun_calls WHERE id = ?');
  const all = database.prepare('SELECT id, owner, entry FROM begun_calls');
  return {
    add: (id: string, owner: string, entry: AuditEntry) => void insert.run(id, owner, JSON.stringify(entry)),
    remove: (id: string) => void remove.run(id),
    /** Writes the calls of dead processes into the audit. */
    endDead(): void {
      for (const { id, owner, entry } of all.all() as { id: string; owner: string; entry: string }[]) {
        const call = JSON.parse(entry) as AuditEntry;
        if (!hasEnded(owner, call.time, now())) continue;
        remove.run(id);
        const line = audit.add({ ...call, outcome: CRASHED, ms: 0 });
        try {
          lines?.append(line);
        } catch {
          // The table has the entry all the same.
        }
      }
    },
  };
}

function claimOwner(owner: string | undefined): ReturnType<typeof registerOwner> {
  return owner === undefined ? registerOwner() : { owner, ...retainOwner(owner) };
}
