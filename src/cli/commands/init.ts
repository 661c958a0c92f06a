import { parseConfig, readConfigText } from '../../app/config-file.ts';
import { findConfigPath, readAddress, type Environment } from '../../app/config.ts';
import { generateToken } from '../../app/token.ts';
import { writeConfig } from '../../app/write-config.ts';
import { StartupError } from '../../base/errors.ts';
import type { Terminal } from '../terminal.ts';
import { show, type ShowFlags } from './show.ts';

export interface InitFlags extends ShowFlags {
  readonly force?: boolean;
}

/**
 * Writes a config file with a new token, and the host and port of the flags, and prints the set-up. By force also over a
 * file that is there, of which the rest is kept.
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
  await writeConfig(path, { ...kept, host, port, token: generateToken() }, { overwrite: force, named });
  terminal.print(`Wrote ${path}\n`);
  // What was written is shown, whatever the environment would put in its place.
  const { PATH, HOME, XDG_CONFIG_HOME } = environment;
  const { demo = false } = flags;
  await show(named ? { config: path, demo } : { demo }, { PATH, HOME, XDG_CONFIG_HOME }, terminal);
}
