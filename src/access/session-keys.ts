import { sessionKeyId } from '../base/scopes.ts';
import { digestOf, NO_LIMITS, type TokenEntry } from './token-entry.ts';

/** The key with which the agent of a session calls tools. It is good for nothing else, and is known to this process alone. */
export interface SessionKey extends TokenEntry {
  /** Id of the token whose session it is: the key holds only as long as that one. */
  readonly owner: string;
}

/** The session for which a key is made. */
interface KeyedSession {
  readonly id: string;
  readonly owner: Pick<TokenEntry, 'id' | 'name'>;
}

export interface SessionKeys {
  /** Makes a key for a session, in place of an earlier one. */
  make(session: KeyedSession): string;
  /** Ends the key of a session. Returns the id of its caller, if there was one. */
  end(sessionId: string): string | undefined;
  entries(): readonly SessionKey[];
  /** Returns true for the digest of a key that has ended. */
  hasEnded(digest: Buffer): boolean;
}

/** Maximum number of keys that are remembered after their end: the oldest are forgotten. */
const MAX_ENDED = 1_000;

/** @param generate Returns a new token. */
export function createSessionKeys(generate: () => string): SessionKeys {
  const keys = new Map<string, SessionKey>();
  const ended = new Set<string>();

  function end(sessionId: string): string | undefined {
    const key = keys.get(sessionId);
    if (key === undefined) return undefined;
    keys.delete(sessionId);
    ended.add(key.digest.toString('hex'));
    const [oldest] = ended;
    if (ended.size > MAX_ENDED) ended.delete(oldest!);
    return key.id;
  }

  return {
    make({ id, owner }) {
      end(id);
      const key = generate();
      keys.set(id, {
        // It stays the same, so that what a call with an earlier key has done is known to the next one.
        id: sessionKeyId(id),
        name: `${owner.name}/${id}`,
        owner: owner.id,
        digest: digestOf(key),
        scopes: ['tools'],
        created: Date.now(),
        expires: null,
        limits: NO_LIMITS,
      });
      return key;
    },
    end,
    entries: () => [...keys.values()],
    hasEnded: (digest) => ended.has(digest.toString('hex')),
  };
}
