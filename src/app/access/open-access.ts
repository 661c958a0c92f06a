import { createAccessTokens, type AccessTokens } from '../../access/access-tokens.ts';
import { createDayCounts } from '../../access/day-counts.ts';
import { createGuesses } from '../../access/guesses.ts';
import { createLastUses } from '../../access/last-uses.ts';
import { createLiveTokens, type LiveTokens } from '../../access/live-tokens.ts';
import { revokedFolder } from '../../access/revoked-digests.ts';
import { createMemoryTokens } from '../../access/memory-tokens.ts';
import { tokenFolder, usesFolder } from '../../access/token-folder.ts';
import { MAIN_TOKEN } from '../../base/scopes.ts';
import type { Observer } from '../../base/observation.ts';
import { generateToken, looksGenerated } from '../config/token.ts';
import { removeDrafts } from '../files/private-files.ts';
import { PRIVATE_FILES } from './private-token-files.ts';
import { createMemoryKeeper, createTokenKeeper, type TokenKeeper } from './token-keeper.ts';

export interface AccessOptions {
  /** The gateway's own token. */
  readonly main: string;
  /** Holds the named tokens; undefined for a gateway that has none, such as the demo. */
  readonly stateDirectory: string | undefined;
  readonly observer: Observer;
  /** The command that runs this program, for advice in errors. */
  readonly command: string;
}

export interface OpenedAccess extends AccessTokens {
  readonly keeper: TokenKeeper;
  /** Calls back for each named token that is added or revoked, by this gateway or a command. */
  onChange(listener: () => void): void;
}

/** Opens the tokens that let callers in. */
export async function openAccess(options: AccessOptions): Promise<OpenedAccess> {
  const { main, stateDirectory, observer, command } = options;
  const folder = stateDirectory === undefined ? undefined : tokenFolder(stateDirectory);
  const usesIn = stateDirectory === undefined ? undefined : usesFolder(stateDirectory);
  const days = createDayCounts(usesIn, PRIVATE_FILES);
  const inMemory = createMemoryTokens();
  const named = folder === undefined ? inMemory : createLiveTokens(folder, observer);
  const uses = createLastUses(usesIn, PRIVATE_FILES, async () => await readIds(named));
  const keeper =
    stateDirectory === undefined
      ? createMemoryKeeper(inMemory, uses)
      : createTokenKeeper(stateDirectory, named, uses);
  await Promise.all([days.refresh(), folder && usesIn && tidy(folder, usesIn)]);
  const tokens = createAccessTokens({
    main,
    named,
    guesses: createGuesses(),
    uses,
    days,
    looksGenerated,
    generate: generateToken,
    command,
  });
  return { ...tokens, keeper, onChange: named.onChange };
}

async function readIds(named: LiveTokens): Promise<ReadonlySet<string>> {
  await named.refreshNow();
  return new Set([MAIN_TOKEN, ...named.entries().map(({ id }) => id)]);
}

/** Removes what killed processes have left in the folders of tokens. */
async function tidy(folder: string, usesIn: string): Promise<void> {
  for (const path of [folder, revokedFolder(folder), usesIn]) await removeDrafts(path);
}
