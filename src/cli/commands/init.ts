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
 * Writes a config file with the host and port of the flags and the token of the state folder, or a new one, and prints the
 * set-up. With force it gives an existing file a new token and keeps the rest of it.
 */
export async function init(flags: InitFlags, environment: Environment, terminal: Terminal): Promise<void> {
  if (flags.token !== undefined || flags.tokenFile !== undefined) {
    throw new StartupError('init makes a token of its own; leave out --token and --token-file.');
  }
  const { path, named } = findConfigPath(flags, environment);
  const { force = false } = flags;
  const text = force ? await readConfigText(path, false) : '{}';
  const { host, port } = readAddress(flags, {}, parseConfig(text, path));
  const kept = JSON.parse(text) as object;
  // A gateway that already runs without a config keeps its clients.
  const state = force ? undefined : await readStateToken(findStateDirectory(environment));
  const token = state?.value ?? generateToken();
  await writeConfig(
    path,
    { ...kept, host, port, token },
    { overwrite: force, named, command: ownCommand(environment) },
  );
  terminal.print(`Wrote ${path}\n`);
  // What was written is shown, whatever the environment or a running gateway would put in its place.
  const shown = { ...(named && { config: path }), demo: flags.demo ?? false };
  const { HOME, XDG_STATE_HOME } = environment;
  const settings = await readSettings({ config: path }, { HOME, XDG_STATE_HOME });
  const holder = await findHolder(settings, state !== undefined);
  const origin = formatOrigin(host, port);
  const client = { settings, token, origin, running: undefined, candidates: 0, holder };
  // Another gateway than the one to be started may hold the port now.
  const toStart = { settings: { ...settings, port: 0 }, running: undefined };
  const model = await chooseModel(toStart, shown, environment);
  terminal.print(describeSetUp(client, model, shown, environment));
}

/** Returns the gateway that holds the address of the settings, unless it has the token that init has kept. */
async function findHolder(
  { stateDirectory, port }: Settings,
  keepsToken: boolean,
): Promise<RunningRecord | undefined> {
  const holder = (await listRunning(stateDirectory)).find((record) => record.port === port);
  return keepsToken && holder?.token.source === 'state' ? undefined : holder;
}
