import { readSettings, type Environment, type Flags } from '../../../app/config/config.ts';
import { readCopilotStatus, type CopilotStatus } from '../../../app/copilot/copilot-status.ts';
import { formatTime } from '../../../base/format-text.ts';
import { CommandEnd } from '../../command-end.ts';
import type { Terminal } from '../../terminal.ts';
import { untilStopped } from '../../until-stopped.ts';

/** Prints who is signed in to GitHub Copilot and what is wrong; fails if no request could be made. */
export async function copilotStatus(
  flags: Flags,
  environment: Environment,
  terminal: Terminal,
): Promise<void> {
  const settings = await readSettings(flags, environment);
  const status = await untilStopped('Stopped.', (signal) =>
    readCopilotStatus({ settings, environment, signal }),
  );
  terminal.print(describeStatus(status));
  if (status.problem !== undefined) throw new CommandEnd(1);
}

function describeStatus(status: CopilotStatus): string {
  const { source, user, account, responsesUrl, note, problem } = status;
  const isSignedIn = source !== undefined && problem === undefined;
  const rows: readonly (readonly [name: string, text: string | undefined])[] = [
    ['Signed in:', user === undefined ? (isSignedIn ? 'yes' : 'no') : `as ${user}`],
    ['Token from:', source],
    ['Plan:', account?.plan],
    ...(account?.quotas ?? []).map((quota) => ['Quota:', describeQuota(quota)] as const),
    ['Quotas reset on:', account?.quotas.length === 0 ? undefined : account?.quotaResetDate],
    ['Endpoint:', responsesUrl],
    ['Token expires:', describeExpiry(status)],
    ['Note:', note],
    ['Problem:', problem],
  ];
  const shown = rows.filter(([, text]) => text !== undefined);
  const width = Math.max(...shown.map(([name]) => name.length));
  return shown.map(([name, text]) => `${name.padEnd(width)} ${text}`).join('\n');
}

function describeExpiry({ expiresAtMs, isExchanged }: CopilotStatus): string | undefined {
  if (expiresAtMs === undefined) return undefined;
  return `${formatTime(expiresAtMs)}${isExchanged ? ', renewed before that' : ''}`;
}

type Quota = NonNullable<CopilotStatus['account']>['quotas'][number];

function describeQuota({ name, isUnlimited, remaining, entitlement, percentRemaining }: Quota): string {
  const words = name.replaceAll('_', ' ');
  if (isUnlimited) return `${words}, unlimited`;
  if (remaining !== undefined && entitlement !== undefined) {
    return `${words}, ${remaining} of ${entitlement} left`;
  }
  return percentRemaining === undefined ? words : `${words}, ${percentRemaining} % left`;
}
