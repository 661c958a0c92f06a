import type { Environment, Flags } from '../../app/config/config.ts';
import { readClientSettings } from '../client-settings.ts';
import type { Terminal } from '../terminal.ts';

/** Prints the configured token and nothing else. */
export async function token(flags: Flags, environment: Environment, terminal: Terminal): Promise<void> {
  terminal.print((await readClientSettings(flags, environment)).token);
}
