import { addNamedToken } from '../../../app/access/named-tokens.ts';
import { readNewToken, type NewTokenFlags } from '../../../app/access/read-new-token.ts';
import { findStateDirectory, type Environment } from '../../../app/config/config.ts';
import type { Terminal } from '../../terminal.ts';

/** Adds a named token and prints it, and nothing else. */
export async function addTokenCommand(
  flags: NewTokenFlags,
  environment: Environment,
  terminal: Terminal,
  name: string | undefined,
): Promise<void> {
  const given = readNewToken(name, flags, Date.now());
  terminal.print(await addNamedToken(findStateDirectory(environment), given));
}
