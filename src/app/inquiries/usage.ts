import { z } from 'zod';
import type { Login } from '../../codex/process/app-server.ts';
import { SYSTEM_FOLDER } from '../../codex/home/system-config.ts';
import type { LimitWindow } from '../../conversation/account-limits.ts';
import { StartupError } from '../../base/errors.ts';
import { prepareCodex } from '../codex/codex-setup.ts';
import { findGateway } from '../gateways/find-gateway.ts';
import type { ListModelsOptions } from './list-models.ts';
import { startCodex } from '../codex/start-codex.ts';
import { countsSchema, createUsageLedger, usageFolder, type UsageLedger } from '../state/usage-ledger.ts';

/** The answer to `GET /v1/usage`. */
export const usageSchema = z.object({
  /** The email address of a ChatGPT account, or the kind of login; null if nobody is signed in or has to be. */
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

export function createUsage({ engine, ledger }: UsageSources) {
  return async (signal: AbortSignal): Promise<UsageReport> => ({
    ...describeAccount(await engine.login(signal)),
    limits: engine.limits().map(({ windowMinutes, usedPercent, resetsAt }) => ({
      window_minutes: windowMinutes,
      used_percent: usedPercent,
      resets_at: resetsAt,
    })),
    tokens: await ledger.read(),
  });
}

export function describeAccount(login: Login): Pick<UsageReport, 'account' | 'plan'> {
  if (login.type !== 'account') return { account: null, plan: null };
  const { account } = login;
  if (account.type === 'chatgpt') return { account: account.email ?? 'ChatGPT', plan: account.planType };
  return { account: account.type === 'apiKey' ? 'API key' : account.type, plan: null };
}

/** Asks the gateway that runs; without one, a Codex is started for the account, and the counts of today are read. */
export async function inquireUsage({
  settings,
  environment,
  log,
  signal,
}: ListModelsOptions): Promise<UsageReport> {
  const running = await findGateway(settings, signal);
  if (running) {
    const report = await running.ask('/v1/usage', usageSchema);
    if (report) return report;
    throw new StartupError(
      'The gateway that runs takes another token; give it with --token, or another --port.',
    );
  }
  const codex = await prepareCodex({ settings, environment, systemFolder: SYSTEM_FOLDER });
  const { engine, close } = await startCodex({ codex, settings, log, signal });
  try {
    const ledger = createUsageLedger(usageFolder(settings.stateDirectory));
    return await createUsage({ engine, ledger })(signal);
  } finally {
    await close();
  }
}
