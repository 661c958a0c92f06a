import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { hashJson } from '../../base/hash-json.ts';

/** Returns a digest of JSON values. Large values are hashed in slices, so that other work gets a turn in between. */
export async function fingerprint(value: unknown): Promise<string> {
  const hash = createHash('sha256');
  await hashJson(value, { update: (text) => hash.update(text), pause: () => nextTurn() });
  return hash.digest('hex');
}
