import { createChangeListeners, type LiveTokens } from './live-tokens.ts';
import type { TokenEntry } from './token-entry.ts';

/** Named tokens that are kept nowhere but in this process. */
export interface MemoryTokens extends LiveTokens {
  /** Returns false if there is a token of that name. */
  add(entry: TokenEntry): boolean;
  /** Returns false if there is no token of that name. */
  remove(name: string): boolean;
}

/** Creates the named tokens of a gateway that leaves nothing on the disk, such as the demo. */
export function createMemoryTokens(): MemoryTokens {
  const tokens = new Map<string, TokenEntry>();
  const revoked = new Set<string>();
  const changes = createChangeListeners();
  const entries = () => [...tokens.values()];
  return {
    add(entry) {
      if (tokens.has(entry.name)) return false;
      const before = entries();
      tokens.set(entry.name, entry);
      changes.compare(before, entries());
      return true;
    },
    remove(name) {
      const entry = tokens.get(name);
      if (entry === undefined) return false;
      const before = entries();
      revoked.add(entry.digest.toString('hex'));
      tokens.delete(name);
      changes.compare(before, entries());
      return true;
    },
    async refresh() {},
    async refreshNow() {},
    entries,
    onChange: changes.add,
    isLate: () => false,
    isIncomplete: () => false,
    wasRevoked: (digest) => revoked.has(digest.toString('hex')),
  };
}
