import type { LastUses } from '../../access/last-uses.ts';
import type { LiveTokens } from '../../access/live-tokens.ts';
import type { MemoryTokens } from '../../access/memory-tokens.ts';
import { createId } from '../../base/ids.ts';
import { digestOf } from '../../access/token-entry.ts';
import { generateToken } from '../config/token.ts';
import {
  addNamedToken,
  describeTokens,
  listTokens,
  revokeNamedToken,
  type ListedTokens,
  type NewToken,
} from './named-tokens.ts';
import { nameTaken, unknownName } from './token-name.ts';

/** Adds, lists and revokes the named tokens of a running gateway, which takes note of each change at once. */
export interface TokenKeeper {
  /** Resolves to the token, which is kept nowhere. Rejects with a `StartupError` if the name is taken. */
  add(given: NewToken): Promise<string>;
  list(): Promise<ListedTokens>;
  /** Rejects with a `StartupError` if there is no token of that name. */
  revoke(name: string): Promise<void>;
}

/** Creates the keeper of tokens that lie in the state folder. */
export function createTokenKeeper(
  stateDirectory: string,
  live: Pick<LiveTokens, 'refreshNow'>,
  uses: Pick<LastUses, 'latest'>,
): TokenKeeper {
  return {
    async add(given) {
      const token = await addNamedToken(stateDirectory, given);
      await live.refreshNow();
      return token;
    },
    list: async () => await listTokens(stateDirectory, uses.latest),
    async revoke(name) {
      await revokeNamedToken(stateDirectory, name);
      await live.refreshNow();
    },
  };
}

/** Creates the keeper of tokens that end with the process. */
export function createMemoryKeeper(tokens: MemoryTokens, uses: Pick<LastUses, 'latest'>): TokenKeeper {
  return {
    async add(given) {
      const token = generateToken();
      const entry = { ...given, id: createId('tok_'), digest: digestOf(token), created: Date.now() };
      if (!tokens.add(entry)) throw nameTaken(given.name);
      return token;
    },
    list: async () => ({
      tokens: await describeTokens(tokens.entries(), async (id) => uses.latest(id)),
      broken: [],
    }),
    async revoke(name) {
      if (!tokens.remove(name)) throw unknownName(name);
    },
  };
}
