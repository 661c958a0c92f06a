import { findOwnInstances } from '../../../app/background/own-instances.ts';
import {
  findStateDirectory,
  readSettings,
  type Environment,
  type Settings,
} from '../../../app/config/config.ts';
import { checkStart } from '../../../app/access/check-start.ts';
import { ownCommand } from '../../../app/config/own-command.ts';
import { tokenUnknown } from '../../../app/gateways/find-target.ts';
import type { RunningRecord } from '../../../app/gateways/running-gateways.ts';
import { StartupError } from '../../../base/errors.ts';
import type { Terminal } from '../../terminal.ts';
import type { ServeFlags } from '../serve.ts';
import { startInBackground } from './start.ts';
import { stopAndReport } from './stop.ts';

/** Starts the gateway in the background again, with the options and variables of its start and those that are given here. */
export async function restartInBackground(
  given: ServeFlags,
  shell: Environment,
  terminal: Terminal,
): Promise<void> {
  const { background, others } = await findOwnInstances(findStateDirectory(shell));
  if (background === undefined) {
    const [other] = others;
    if (other) throw notInBackground(other.identity.pid, ownCommand(shell).usual);
    return await startInBackground(given, shell, terminal);
  }
  const { record } = background;
  const flags: ServeFlags = { ...record?.launch, ...given };
  const environment = { ...record?.variables?.kept, ...shell };
  // A start that cannot succeed must not cost the gateway that runs.
  const settings = await readSettings(flags, environment);
  await checkStart(settings, { demo: flags.demo });
  if (record && losesToken(record, settings)) throw tokenUnknown(record);
  refuseLostVariables(record, environment);
  await stopAndReport(background, terminal);
  await startInBackground(flags, environment, terminal);
}

/** Returns true if the token of the running gateway came from a shell, and this one does not have it. */
function losesToken(record: RunningRecord, { token }: Settings): boolean {
  const isFromShell = (source: string | undefined) => source === 'environment' || source === 'flag';
  return isFromShell(record.token.source) && !isFromShell(token?.source);
}

/** Refuses to lose a secret that the running gateway has from the environment of its start, and that is stored nowhere. */
function refuseLostVariables(record: RunningRecord | undefined, environment: Environment): void {
  const secret = record?.variables?.secret ?? [];
  const lost = secret.filter((name) => name !== 'CODEX_GATEWAY_TOKEN' && environment[name] === undefined);
  if (lost.length === 0) return;
  throw new StartupError(
    `The gateway that runs was started with ${lost.join(' and ')}, and secrets are stored nowhere; set the same for this command, or nothing ('') to go on without.`,
  );
}

function notInBackground(pid: number, command: string): StartupError {
  return new StartupError(
    `The codex-gateway that runs (process ${pid}) is not in the background; stop it with \`${command} stop\`, then use \`${command} start\`.`,
  );
}
