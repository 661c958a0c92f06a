import { forgetLastUse, readLastUse, type LastUse } from '../../access/last-uses.ts';
import { rememberRevoked } from '../../access/revoked-digests.ts';
import { digestOf, NO_LIMITS, type TokenEntry, type TokenLimits } from '../../access/token-entry.ts';
import { addToken, readTokens, removeToken, tokenFolder, usesFolder } from '../../access/token-folder.ts';
import { messageOf, StartupError } from '../../base/errors.ts';
import { createId } from '../../base/ids.ts';
import { MAIN_TOKEN, SCOPES, type Scope } from '../../base/scopes.ts';
import { generateToken } from '../config/token.ts';
import { makePrivateFolder } from '../files/private-files.ts';
import { checkStateFolders } from '../files/trusted-files.ts';
import { PRIVATE_FILES } from './private-token-files.ts';
import { nameTaken, TokenNameError, unknownName } from './token-name.ts';

export type NewToken = Pick<TokenEntry, 'name' | 'scopes' | 'expires' | 'limits' | 'browser'>;

/** Adds a named token and returns it; it is kept nowhere. Rejects with a `StartupError`. */
export async function addNamedToken(stateDirectory: string, given: NewToken): Promise<string> {
  const token = generateToken();
  const entry = { ...given, id: createId('tok_'), digest: digestOf(token), created: Date.now() };
  await checkStateFolders(stateDirectory);
  await makePrivateFolder(stateDirectory);
  if (await addToken(tokenFolder(stateDirectory), entry, PRIVATE_FILES)) return token;
  throw nameTaken(given.name);
}

/** Removes a named token. Rejects with a `StartupError` if there is none. */
export async function revokeNamedToken(stateDirectory: string, name: string): Promise<void> {
  if (name === MAIN_TOKEN)
    throw new TokenNameError(
      `'${MAIN_TOKEN}' is the gateway's own token; change it in the config file, or remove the file 'token' in the state folder.`,
    );
  const folder = tokenFolder(stateDirectory);
  const known = (await readTokens(folder)).entries.find((entry) => entry.name === name);
  // A token that cannot be remembered is revoked all the same.
  if (known) await rememberRevoked(folder, known.digest, PRIVATE_FILES).catch(() => {});
  if (!(await removeToken(folder, name))) throw unknownName(name);
  if (known) await forgetLastUse(usesFolder(stateDirectory), known.id);
}

/** A token as `tokens list --json` prints it. Times are ISO 8601 in UTC. */
export interface ListedToken {
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly created: string | null;
  readonly expires: string | null;
  readonly last_used: string | null;
  readonly user_agent: string | null;
  readonly limits: TokenLimits;
  /** Set for a browser that is signed in to the console; null for any other token. */
  readonly browser: {
    readonly read_only: boolean;
    /** Name of the token in whose name it signed in; null for one that is gone. */
    readonly owner: string | null;
  } | null;
}

export interface ListedTokens {
  readonly tokens: readonly ListedToken[];
  /** Names of tokens whose files cannot be read, with the problem. */
  readonly broken: readonly { readonly name: string; readonly problem: string }[];
}

/**
 * Returns the gateway's own token and all named ones, without the tokens themselves.
 * @param latest Returns the last use that was not written yet.
 */
export async function listTokens(
  stateDirectory: string,
  latest: (id: string) => LastUse | undefined = () => undefined,
): Promise<ListedTokens> {
  const { entries, broken } = await readNamed(stateDirectory);
  const folder = usesFolder(stateDirectory);
  const findUse = async (id: string) => latest(id) ?? (await readLastUse(folder, id));
  return { tokens: await describeTokens(entries, findUse), broken };
}

/** Describes the gateway's own token and the given ones. */
export async function describeTokens(
  entries: readonly TokenEntry[],
  findUse: (id: string) => Promise<LastUse | undefined>,
): Promise<ListedToken[]> {
  const main = { id: MAIN_TOKEN, name: MAIN_TOKEN, scopes: SCOPES, created: null, expires: null };
  const all = [{ ...main, limits: NO_LIMITS, browser: undefined }, ...entries];
  const names = new Map(all.map(({ id, name }) => [id, name]));
  return await Promise.all(
    all.map(async ({ id, name, scopes, created, expires, limits, browser }) => {
      const use = await findUse(id);
      return {
        name,
        scopes,
        created: formatIso(created),
        expires: formatIso(expires),
        last_used: formatIso(use?.time ?? null),
        user_agent: use?.userAgent ?? null,
        limits,
        browser: browser ? { read_only: browser.isReadOnly, owner: names.get(browser.owner) ?? null } : null,
      };
    }),
  );
}

/** Resolves to true if a token was added that has not expired, and has the scope if one is given. */
export async function hasNamedTokens(stateDirectory: string, scope?: Scope): Promise<boolean> {
  const { entries } = await readNamed(stateDirectory);
  return entries.some(
    ({ expires, scopes, browser }) =>
      browser === undefined &&
      (expires === null || expires > Date.now()) &&
      (scope === undefined || scopes.includes(scope)),
  );
}

async function readNamed(stateDirectory: string) {
  try {
    return await readTokens(tokenFolder(stateDirectory));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? messageOf(error);
    throw new StartupError(`The folder ${tokenFolder(stateDirectory)} cannot be read (${code}).`, {
      cause: error,
    });
  }
}

function formatIso(time: number | null): string | null {
  return time === null ? null : new Date(time).toISOString();
}
