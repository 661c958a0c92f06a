import { revokeNamedToken } from '../../../app/access/named-tokens.ts';
import { findStateDirectory, type Environment, type Flags } from '../../../app/config/config.ts';
import { StartupError } from '../../../base/errors.ts';
import { excerpt } from '../../../base/excerpt.ts';
import type { Terminal } from '../../terminal.ts';

export interface RevokeFlags extends Flags {
  readonly name?: string;
}

/** Revokes a named token. */
export async function revokeTokenCommand(
  flags: RevokeFlags,
  environment: Environment,
  terminal: Terminal,
  word: string | undefined,
): Promise<void> {
  const name = word ?? flags.name;
  if (name === undefined || (flags.name !== undefined && flags.name !== name))
    throw new StartupError('Name the one token to revoke: tokens revoke NAME.');
  await revokeNamedToken(findStateDirectory(environment), name);
  terminal.print(`The token '${excerpt(name)}' is revoked.`);
}
