import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { StartupError } from '../../base/errors.ts';
import type { BegunCall, CallEnd } from '../../tools/ports.ts';
import { createRetryWhileLocked } from '../database/retry-while-locked.ts';
import { IN_MEMORY, LOCK_TIMEOUT_MS } from '../database/open-database.ts';
import type { AuditPageQuery } from './audit-rows.ts';
import { openToolLedger, type OpenedToolLedger, type ToolLedgerOptions } from './open-tool-ledger.ts';

/** A call of the ledger, in the form sent to its thread. */
export type LedgerJob =
  | { readonly method: 'begin'; readonly call: BegunCall }
  | { readonly method: 'abandon'; readonly id: string }
  | { readonly method: 'end'; readonly call: CallEnd }
  | { readonly method: 'page'; readonly query: AuditPageQuery };

/** The ledger of a file, for jobs from another thread. */
export interface ServedLedger {
  /** Rejects with an error for the caller. */
  run(job: LedgerJob): Promise<unknown>;
  /** Waits for the jobs that have begun, then closes the file. */
  close(): Promise<void>;
}

/** Opens the file with the first job, which fails if that is impossible; the next one tries again. */
export function createServedLedger(options: ToolLedgerOptions): ServedLedger {
  const { path, lockTimeoutMs = LOCK_TIMEOUT_MS } = options;
  const retry = createRetryWhileLocked(lockTimeoutMs);
  let opened: { readonly ledger: OpenedToolLedger; readonly file: string | undefined } | undefined;
  let last: Promise<unknown> = Promise.resolve();

  async function open(): Promise<OpenedToolLedger> {
    if (opened && opened.file === identify(path)) return opened.ledger;
    // Nothing written into a file that was moved or deleted could be found again.
    opened?.ledger.close();
    opened = undefined;
    if (path !== IN_MEMORY) mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const ledger = await openQuickly();
    opened = { ledger, file: identify(path) };
    return ledger;
  }

  /** Opens the file, or fails at once: the job is tried again while another process writes. */
  async function openQuickly(): Promise<OpenedToolLedger> {
    try {
      return await openToolLedger({ ...options, lockTimeoutMs: 0, openTimeoutMs: 0 });
    } catch (error) {
      throw error instanceof StartupError && error.cause !== undefined ? error.cause : error;
    }
  }

  async function work(job: LedgerJob): Promise<unknown> {
    const ledger = await open();
    if (job.method === 'begin') return ledger.begin(job.call);
    if (job.method === 'page') return ledger.page(job.query);
    return job.method === 'end' ? ledger.end(job.call) : ledger.abandon(job.id);
  }

  return {
    async run(job) {
      const submittedAt = performance.now();
      // A job makes all its changes in one transaction, so it can be retried.
      const result = last.then(async () => await retry(submittedAt, async () => await work(job), false));
      last = result.catch(() => {});
      return await result;
    },
    async close() {
      await last;
      opened?.ledger.close();
    },
  };
}

/** Returns the identity of the file at a path; undefined if there is none. */
function identify(path: string): string | undefined {
  if (path === IN_MEMORY) return undefined;
  const found = statSync(path, { throwIfNoEntry: false });
  return found && `${found.dev}:${found.ino}`;
}
