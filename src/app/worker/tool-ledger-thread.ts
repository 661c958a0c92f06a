import { GatewayError } from '../../base/errors.ts';
import { IN_MEMORY } from '../../store/database/open-database.ts';
import { registerOwner } from '../../store/database/owner.ts';
import type { AuditPageQuery } from '../../store/tools/audit-rows.ts';
import type { LedgerPage, ToolLedgerOptions } from '../../store/tools/open-tool-ledger.ts';
import type { LedgerJob } from '../../store/tools/serve-tool-ledger.ts';
import type { Beginning, ToolLedger } from '../../tools/ports.ts';
import { SilentThreadError, startLastingThread, type LastingThread } from './lasting-thread.ts';
import { entryUrl } from './start-worker.ts';

/** A ledger whose database works in its own thread. */
export interface ToolLedgerThread extends ToolLedger {
  /** Resolves to entries of the audit. Rejects with a `GatewayError`. */
  page(query: AuditPageQuery): Promise<LedgerPage>;
  close(): Promise<void>;
}

const HEAP_MEGABYTES = 256;

/** Longer than any wait inside the thread: only a file system that does not answer takes longer. */
const CALL_TIMEOUT_MS = 15_000;

/** Milliseconds without a call after which the thread is ended. */
const IDLE_MS = 60_000;

/** Creates a ledger; its thread starts with its first call, since many gateways are never asked for a tool. */
export function createToolLedgerThread(
  options: Pick<ToolLedgerOptions, 'path' | 'linesPath' | 'lockTimeoutMs' | 'minFreeBytes'>,
  callTimeoutMs: number = CALL_TIMEOUT_MS,
): ToolLedgerThread {
  // The owner outlives the thread: this process goes on with its calls if the thread ends.
  const { owner, release } = registerOwner();
  let thread: LastingThread | undefined;
  function start(): LastingThread {
    return startLastingThread(
      {
        entry: entryUrl('tool-ledger-worker'),
        data: { ...options, owner },
        heapMegabytes: HEAP_MEGABYTES,
        sendParts: async () => {},
      },
      callTimeoutMs,
      // A database in memory would be lost.
      options.path === IN_MEMORY ? undefined : { firstMs: IDLE_MS, laterMs: IDLE_MS },
    );
  }
  async function send(job: LedgerJob): Promise<unknown> {
    try {
      return await (thread ??= start()).call(job, []);
    } catch (error) {
      throw ledgerError(error);
    }
  }
  return {
    begin: async (call) => (await send({ method: 'begin', call })) as Beginning,
    abandon: async (id) => void (await send({ method: 'abandon', id })),
    end: async (call) => void (await send({ method: 'end', call })),
    page: async (query) => (await send({ method: 'page', query })) as LedgerPage,
    async close() {
      await thread?.close();
      release();
    },
  };
}

function ledgerError(cause: unknown): GatewayError {
  if (cause instanceof GatewayError) return cause;
  if (cause instanceof SilentThreadError) {
    const message = "The disk of the gateway's database does not answer; try again.";
    return new GatewayError('storage_busy', message, { cause, retryAfter: 30 });
  }
  const message = 'The gateway could not use its database of tool calls; try again.';
  return new GatewayError('storage_failed', message, { cause });
}
