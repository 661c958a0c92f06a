import { addNamedToken, type NewToken } from '../../../app/access/named-tokens.ts';
import { readNewToken, type NewTokenFlags } from '../../../app/access/read-new-token.ts';
import { findUnheldTurns } from '../../../app/access/unheld-turns.ts';
import { findStateDirectory, readSettings, type Environment } from '../../../app/config/config.ts';
import type { Terminal } from '../../terminal.ts';

/** Adds a named token and prints it, and nothing else. */
export async function addTokenCommand(
  flags: NewTokenFlags,
  environment: Environment,
  terminal: Terminal,
  name: string | undefined,
): Promise<void> {
  const given = readNewToken(name, flags, Date.now());
  await warnOfTurns(given, flags, environment, terminal);
  terminal.print(await addNamedToken(findStateDirectory(environment), given));
}

async function warnOfTurns(
  given: NewToken,
  flags: NewTokenFlags,
  environment: Environment,
  terminal: Terminal,
): Promise<void> {
  // The token is added also if the settings cannot be read: the start of a gateway says what is wrong with them.
  const settings = await readSettings(flags, environment).catch(() => undefined);
  const unheld = settings && findUnheldTurns(given, settings);
  if (unheld === undefined) return;
  const { turns, setting, most } = unheld;
  terminal.complain(
    `Warning: the token never reaches turns=${turns}, since the settings let it have ${most} (${setting}).`,
  );
}
