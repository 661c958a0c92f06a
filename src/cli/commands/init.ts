import { formatOrigin } from '../../app/config/address.ts';
import { parseConfig, readConfigText } from '../../app/config/config-file.ts';
import {
  findConfigPath,
  findStateDirectory,
  readAddress,
  readSettings,
  type Environment,
  type Settings,
} from '../../app/config/config.ts';
import { ownCommand } from '../../app/config/own-command.ts';
import { listRunning, type RunningRecord } from '../../app/gateways/running-gateways.ts';
import { readStateToken } from '../../app/config/state-token.ts';
import { generateToken } from '../../app/config/token.ts';
import { writeConfig } from '../../app/config/write-config.ts';
import { StartupError } from '../../base/errors.ts';
import type { Terminal } from '../terminal.ts';
import { chooseModel, describeSetUp, type ShowFlags } from './show.ts';

export interface InitFlags extends ShowFlags {
  readonly force?: boolean;
}

/**
 * Writes a config file with the host and port of the flags and the token of the state folder, or a new token, and prints the
 * client setup. With `--force` it replaces the token in an existing file and keeps the rest.
 */
export async function init(flags: InitFlags, environment: Environment, terminal: Terminal): Promise<void> {
  if (flags.token !== undefined || flags.tokenFile !== undefined) {
    throw new StartupError('init generates the token itself; leave out --token and --token-file.');
  }
  const { path, named } = findConfigPath(flags, environment);
  const { force = false } = flags;
  const text = force ? await readConfigText(path, false) : '{}';
  const { host, port } = readAddress(flags, {}, parseConfig(text, path));
  const kept = JSON.parse(text) as object;
  // Clients of a gateway that already runs without a config file keep working.
  const state = force ? undefined : await readStateToken(findStateDirectory(environment));
  const token = state?.value ?? generateToken();
  await writeConfig(
    path,
    { ...kept, host, port, token },
    { overwrite: force, named, command: ownCommand(environment) },
  );
  terminal.print(`Wrote ${path}\n`);
  // Shows what was written, without overrides by the environment or a running gateway.
  const shown = { ...(named && { config: path }), demo: flags.demo ?? false };
  const { HOME, XDG_STATE_HOME } = environment;
  const settings = await readSettings({ config: path }, { HOME, XDG_STATE_HOME });
  const holder = await findHolder(settings, state !== undefined);
  const origin = formatOrigin(host, port);
  const client = { settings, token, origin, running: undefined, candidates: 0, holder };
  // A gateway that uses the port now is not the one that will be started.
  const toStart = { settings: { ...settings, port: 0 }, running: undefined };
  const model = await chooseModel(toStart, shown, environment);
  terminal.print(await describeSetUp(client, model, shown, environment));
}

/** Returns the gateway that uses the port of the settings, unless it has the same token. */
async function findHolder(
  { stateDirectory, port }: Settings,
  keepsToken: boolean,
): Promise<RunningRecord | undefined> {
  const holder = (await listRunning(stateDirectory)).find((record) => record.port === port);
  return keepsToken && holder?.token.source === 'state' ? undefined : holder;
}
