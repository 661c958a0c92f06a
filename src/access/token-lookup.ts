import { timingSafeEqual } from 'node:crypto';
import type { LiveTokens } from './live-tokens.ts';
import type { SessionKey, SessionKeys } from './session-keys.ts';
import { digestOf, type TokenEntry } from './token-entry.ts';

/** Finds tokens by their text or id. */
export interface TokenLookup {
  /** Resolves to the token that is among the keys, as the folder has it now; one that has not expired comes first. */
  findAny(keys: readonly string[]): Promise<TokenEntry | undefined>;
  find(key: string): TokenEntry | undefined;
  withId(id: string): TokenEntry | SessionKey | undefined;
}

export interface KnownTokens {
  /** The gateway's own token. */
  readonly own: TokenEntry;
  /** The named tokens; undefined where there are none. */
  readonly named: LiveTokens | undefined;
  readonly sessions: Pick<SessionKeys, 'entries'>;
}

export function createTokenLookup({ own, named, sessions }: KnownTokens): TokenLookup {
  const inMemory = () => [own, ...sessions.entries()];
  const all = () => [...inMemory(), ...(named?.entries() ?? [])];

  const find = (key: string) => findAmong(all(), key);

  const findAll = (keys: readonly string[]) => keys.map(find).filter((entry) => entry !== undefined);

  return {
    async findAny(keys) {
      // Keys that only this process knows need no look at the disk.
      const known = keys.map((key) => findAmong(inMemory(), key)).find((entry) => entry !== undefined);
      if (known !== undefined) return known;
      await named?.refresh();
      let found = findAll(keys);
      if (found.length === 0 && named !== undefined) {
        // The token may have been added a moment ago.
        await named.refreshNow();
        found = findAll(keys);
      }
      return found.find((entry) => !hasExpired(entry)) ?? found[0];
    },
    find,
    withId: (id) => all().find((entry) => entry.id === id),
  };
}

/** Compares digests, all of one length, with every entry: the time it takes says nothing about any token. */
function findAmong(entries: readonly TokenEntry[], key: string): TokenEntry | undefined {
  const given = digestOf(key);
  let found: TokenEntry | undefined;
  for (const entry of entries) if (timingSafeEqual(given, entry.digest)) found = entry;
  return found;
}

export function hasExpired(entry: TokenEntry): entry is TokenEntry & { readonly expires: number } {
  return entry.expires !== null && entry.expires <= Date.now();
}
