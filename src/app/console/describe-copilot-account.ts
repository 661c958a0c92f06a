import type { CopilotOverview } from '../../console/contract/overview.ts';
import type { AccountReport } from '../../upstream/copilot/auth/report-sign-in.ts';

/** Describes an account of GitHub Copilot as the first page shows it. */
export function describeCopilotAccount({ user, account, problem }: AccountReport): CopilotOverview {
  const quotas = account?.quotas ?? [];
  return {
    user: user ?? null,
    plan: account?.plan ?? null,
    quotas: quotas.map(({ name, isUnlimited, entitlement, remaining, percentRemaining }) => ({
      name,
      is_unlimited: isUnlimited,
      entitlement: entitlement ?? null,
      remaining: remaining ?? null,
      remaining_percent: percentRemaining ?? null,
    })),
    resets_on: account?.quotaResetDate ?? null,
    problem: problem ?? null,
  };
}
