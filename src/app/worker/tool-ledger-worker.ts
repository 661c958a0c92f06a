import type { ToolLedgerOptions } from '../../store/tools/open-tool-ledger.ts';
import { createServedLedger, type LedgerJob } from '../../store/tools/serve-tool-ledger.ts';
import { serveCalls } from './serve-calls.ts';

serveCalls(async (data) => {
  const { run, close } = createServedLedger(data as ToolLedgerOptions);
  return { run: async (job) => await run(job as LedgerJob), close };
});
