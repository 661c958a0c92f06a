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

/** Starts the gateway in the background again, with the options of its start and those that are given here. */
export async function restartInBackground(
  given: ServeFlags,
  environment: Environment,
  terminal: Terminal,
): Promise<void> {
  const { background, others } = await findOwnInstances(findStateDirectory(environment));
  if (background === undefined) {
    const [other] = others;
    if (other) throw notInBackground(other.identity.pid, ownCommand(environment).usual);
    return await startInBackground(given, environment, terminal);
  }
  const { record } = background;
  const flags: ServeFlags = { ...record?.launch, ...given };
  // A start that cannot succeed must not cost the gateway that runs.
  const settings = await readSettings(flags, environment);
  await checkStart(settings);
  if (record && losesToken(record, settings)) throw tokenUnknown(record);
  await stopAndReport(background, terminal);
  await startInBackground(flags, environment, terminal);
}

/** Returns true if the token of the running gateway came from a shell, and this one does not have it. */
function losesToken(record: RunningRecord, { token }: Settings): boolean {
  const isFromShell = (source: string | undefined) => source === 'environment' || source === 'flag';
  return isFromShell(record.token.source) && !isFromShell(token?.source);
}

function notInBackground(pid: number, command: string): StartupError {
  return new StartupError(
    `The codex-gateway that runs (process ${pid}) is not in the background; stop it with \`${command} stop\`, then use \`${command} start\`.`,
  );
}
