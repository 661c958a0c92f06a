import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { messageOf } from '../../src/base/errors.ts';
import { encodeError } from '../../src/openai/vocabulary/error-body.ts';
import type { OpenedToolLedger, ToolLedgerOptions } from '../../src/store/tools/open-tool-ledger.ts';
import { openToolLedger } from '../../src/store/tools/open-tool-ledger.ts';
import type { ToolLedger } from '../../src/tools/ports.ts';
import { createToolService, type ToolServiceOptions } from '../../src/tools/tool-service.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** Opens a ledger in this thread; without a path, in memory. It is closed when the running test ends. */
export async function openTestLedger(options: Partial<ToolLedgerOptions> = {}): Promise<OpenedToolLedger> {
  const ledger = await openToolLedger({ path: ':memory:', ...options });
  let isOpen = true;
  function close(): void {
    if (isOpen) ledger.close();
    isOpen = false;
  }
  onTestFinished(close);
  return { ...ledger, close };
}

/** Returns the paths of a ledger in a new folder. */
export function ledgerPaths(): { readonly path: string; readonly linesPath: string } {
  const folder = temporaryFolder();
  return { path: join(folder, 'tools.sqlite'), linesPath: join(folder, 'tools-audit.jsonl') };
}

/** Makes the port of the service of a ledger in this thread. */
export function ledgerPort(ledger: Pick<OpenedToolLedger, keyof ToolLedger>): ToolLedger {
  return {
    begin: async (call) => ledger.begin(call),
    abandon: async (id) => ledger.abandon(id),
    end: async (call) => ledger.end(call),
  };
}

/** Opens a service whose ledger is in memory, with a list of what the log has of it. */
export async function openTestTools(options: Partial<ToolServiceOptions> = {}) {
  const ledger = await openTestLedger();
  const unwritten: string[] = [];
  const service = createToolService({
    tools: [],
    ledger: ledgerPort(ledger),
    rateLimit: { perSecond: 5, burst: 20 },
    statusOf: (error) => encodeError(error).status,
    onFailed: () => {},
    onUnwritten: (tool, error) => unwritten.push(`${tool}: ${messageOf(error)}`),
    ...options,
  });
  return {
    service,
    unwritten,
    /** Returns the entries of the audit, oldest first. */
    audit: () => Array.from(ledger.list({}), (line) => JSON.parse(line)),
  };
}
