import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { hashJson } from '../../base/hash-json.ts';

/** Returns a digest of arguments, whatever the order of their fields. Other work gets a turn between large parts. */
export async function digestArguments(value: unknown): Promise<string> {
  const hash = createHash('sha256');
  await hashJson(value, { update: (text) => hash.update(text), pause: () => nextTurn(), membersOf });
  return hash.digest('hex');
}

/** Returns the members that are there, sorted by their keys. */
function membersOf(value: object): [string, unknown][] {
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return members.toSorted(([a], [b]) => (a < b ? -1 : 1));
}
