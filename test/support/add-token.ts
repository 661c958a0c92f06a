import { addNamedToken } from '../../src/app/access/named-tokens.ts';
import { readNewToken, type NewTokenFlags } from '../../src/app/access/read-new-token.ts';

/** Adds a named token, as `tokens add` does with these options. */
export async function addTestToken(
  stateDirectory: string,
  name: string,
  flags: NewTokenFlags = {},
): Promise<string> {
  return await addNamedToken(stateDirectory, readNewToken(name, flags, Date.now()));
}
