import { findConfigPath, type Environment, type Flags } from '../../app/config.ts';
import { parseConfig } from '../../app/config-file.ts';
import { generateToken } from '../../app/token.ts';
import { writeConfig } from '../../app/write-config.ts';
import type { Terminal } from '../terminal.ts';
import { show } from './show.ts';

export interface InitFlags extends Flags {
  readonly force?: boolean;
}

/** Writes a config file with a new token and prints the set-up. */
export async function init(flags: InitFlags, environment: Environment, terminal: Terminal): Promise<void> {
  const { path } = findConfigPath(flags, environment);
  const { host, port } = parseConfig('{}', path);
  await writeConfig(path, { host, port, token: generateToken() }, flags.force ?? false);
  terminal.print(`Wrote ${path}\n`);
  await show({ config: path }, environment, terminal);
}
