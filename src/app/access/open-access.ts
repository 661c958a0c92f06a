import { createAccessTokens, type AccessTokens } from '../../access/access-tokens.ts';
import { createDayCounts } from '../../access/day-counts.ts';
import { createGuesses } from '../../access/guesses.ts';
import { createLastUses } from '../../access/last-uses.ts';
import { createLiveTokens } from '../../access/live-tokens.ts';
import { tokenFolder, usesFolder } from '../../access/token-folder.ts';
import type { Observer } from '../../base/observation.ts';
import { looksGenerated } from '../config/token.ts';
import { PRIVATE_FILES } from './private-token-files.ts';

export interface AccessOptions {
  /** The gateway's own token. */
  readonly main: string;
  /** Holds the named tokens; undefined for a gateway that has none, such as the demo. */
  readonly stateDirectory: string | undefined;
  readonly observer: Observer;
  /** The command that runs this program, for advice in errors. */
  readonly command: string;
}

/** Opens the tokens that let callers in. */
export async function openAccess(options: AccessOptions): Promise<AccessTokens> {
  const { main, stateDirectory, observer, command } = options;
  const folder = stateDirectory === undefined ? undefined : tokenFolder(stateDirectory);
  const usesIn = stateDirectory === undefined ? undefined : usesFolder(stateDirectory);
  const days = createDayCounts(usesIn, PRIVATE_FILES);
  await days.refresh();
  return createAccessTokens({
    main,
    named: folder === undefined ? undefined : createLiveTokens(folder, observer),
    guesses: createGuesses(),
    uses: createLastUses(usesIn, PRIVATE_FILES),
    days,
    looksGenerated,
    command,
  });
}
