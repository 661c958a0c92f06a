import { z } from 'zod';
import type { Login } from '../../codex/process/connect-app-server.ts';
import type { LimitWindow } from '../../conversation/account-limits.ts';
import { countsSchema, type UsageLedger } from '../state/usage-ledger.ts';

/** The answer to `GET /v1/usage`. */
export const usageSchema = z.object({
  /** The email address of a ChatGPT account, or the kind of login; null if nobody is signed in or nobody needs to be. */
  account: z.string().nullable(),
  plan: z.string().nullable(),
  limits: z.array(
    z.object({
      window_minutes: z.number().nullable(),
      used_percent: z.number(),
      /** Unix seconds. */
      resets_at: z.number().nullable(),
    }),
  ),
  tokens: z.object({ since_start: countsSchema, today: countsSchema }),
});

export type UsageReport = z.output<typeof usageSchema>;

export interface UsageSources {
  readonly engine: { login(signal: AbortSignal): Promise<Login>; limits(): readonly LimitWindow[] };
  readonly ledger: Pick<UsageLedger, 'read'>;
}

/** Returns a function that reports the account, its limits and the counted tokens of the moment. */
export function createUsage({ engine, ledger }: UsageSources) {
  return async (signal: AbortSignal): Promise<UsageReport> => ({
    ...describeAccount(await engine.login(signal)),
    limits: describeLimits(engine.limits()),
    tokens: await ledger.read(),
  });
}

export function describeLimits(limits: readonly LimitWindow[]): UsageReport['limits'] {
  return limits.map(({ windowMinutes, usedPercent, resetsAt }) => ({
    window_minutes: windowMinutes,
    used_percent: usedPercent,
    resets_at: resetsAt,
  }));
}

export function describeAccount(login: Login): Pick<UsageReport, 'account' | 'plan'> {
  if (login.type !== 'account') return { account: null, plan: null };
  const { account } = login;
  if (account.type === 'chatgpt') return { account: account.email ?? 'ChatGPT', plan: account.planType };
  return { account: account.type === 'apiKey' ? 'API key' : account.type, plan: null };
}
