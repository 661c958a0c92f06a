import { createUsage, usageSchema, type UsageReport } from '../codex/usage-report.ts';
import { createUsageLedger, usageFolder } from '../state/usage-ledger.ts';
import { inquire, type InquiryOptions } from './inquire.ts';

/** Asks the running gateway; without one, starts a Codex to read the account, and reads today's counts from disk. */
export async function inquireUsage(options: InquiryOptions): Promise<UsageReport> {
  const { settings, signal } = options;
  return await inquire(
    {
      path: '/v1/usage',
      schema: usageSchema,
      async answer({ engine }) {
        const ledger = createUsageLedger(usageFolder(settings.stateDirectory));
        return await createUsage({ engine, ledger })(signal);
      },
    },
    options,
  );
}
