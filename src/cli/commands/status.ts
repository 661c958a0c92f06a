import type { Environment, Flags } from '../../app/config/config.ts';
import { inquireStatus, type GatewayReport } from '../../app/inquiries/status.ts';
import { formatTime } from '../../base/format-text.ts';
import { CommandEnd } from '../command-end.ts';
import { formatLimit } from '../format-limit.ts';
import type { Terminal } from '../terminal.ts';
import { untilStopped } from '../until-stopped.ts';

export interface StatusFlags extends Flags {
  readonly json?: boolean;
}

/** Prints which gateway runs and how it does; ends with exit code 1 if none runs. */
export async function status(
  flags: StatusFlags,
  environment: Environment,
  terminal: Terminal,
): Promise<void> {
  const { report, problem } = await untilStopped('Stopped.', (signal) =>
    inquireStatus(flags, environment, signal),
  );
  if (problem !== undefined) terminal.complain(`codex-gateway: ${problem}`);
  if (flags.json) terminal.print(JSON.stringify(report, null, 2));
  else terminal.print(report.running ? formatReport(report) : 'No gateway is running.');
  if (!report.running) throw new CommandEnd(1);
}

type RunningReport = Extract<GatewayReport, { running: true }>;

function formatReport({ pid, since, version, address, ...figures }: RunningReport): string {
  const { account, limits, turns, last_hour: hour, memory } = figures;
  return [
    `Running: process ${pid}, since ${formatTime(Date.parse(since))}`,
    `Address: ${address}`,
    ...(version === null ? [] : [`Version: ${version}`]),
    `Account: ${account ?? 'none'}`,
    ...(limits.length === 0 ? ['Limits:  none reported yet'] : limits.map(formatLimit)),
    ...(turns === null ? [] : [`Turns:   ${turns.running} running, ${turns.waiting} waiting`]),
    ...(hour === null ? [] : [`Hour:    ${hour.requests} requests, ${hour.errors} errors`]),
    ...(memory === null
      ? []
      : [`Memory:  gateway ${formatBytes(memory.gateway)}, Codex ${formatBytes(memory.child)}`]),
  ].join('\n');
}

function formatBytes(bytes: number): string {
  return `${Math.round(bytes / 1024 / 1024)} MB`;
}
