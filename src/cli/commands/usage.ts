import type { Environment, Flags } from '../../app/config/config.ts';
import { findTarget, requireToken } from '../../app/gateways/find-target.ts';
import { observeInLog } from '../../app/log/observer.ts';
import type { UsageReport } from '../../app/codex/usage-report.ts';
import { inquireUsage } from '../../app/inquiries/usage.ts';
import { formatLimit } from '../format-limit.ts';
import { formatTable } from '../format-table.ts';
import type { Terminal } from '../terminal.ts';
import { untilStopped } from '../until-stopped.ts';

export interface UsageFlags extends Flags {
  readonly json?: boolean;
}

/** Prints the account, its limits, and tokens by model. */
export async function usage(flags: UsageFlags, environment: Environment, terminal: Terminal): Promise<void> {
  const target = await findTarget(flags, environment);
  requireToken(target);
  const { settings, running } = target;
  const observer = observeInLog(settings);
  const report = await untilStopped('Stopped.', (signal) =>
    inquireUsage({ settings, running, environment, observer, signal }),
  );
  terminal.print(flags.json ? JSON.stringify(report, null, 2) : formatReport(report));
}

function formatReport({ account, plan, limits, tokens }: UsageReport): string {
  return [
    `Account: ${account ?? 'none'}${plan === null ? '' : ` (${plan})`}`,
    ...(limits.length === 0 ? ['Limits:  none reported yet'] : limits.map(formatLimit)),
    '',
    ...formatTokens('Tokens since the start of the gateway', tokens.since_start),
    '',
    ...formatTokens('Tokens today', tokens.today),
  ].join('\n');
}

function formatTokens(title: string, counts: UsageReport['tokens']['today']): string[] {
  const models = Object.entries(counts);
  if (models.length === 0) return [`${title}: none`];
  const rows = models.map(([model, { input, cached, output }]) => [
    model,
    ...[input, cached, output].map((count) => count.toLocaleString('en-US')),
  ]);
  return [`${title}:`, formatTable([['MODEL', 'INPUT', 'CACHED', 'OUTPUT'], ...rows])];
}
