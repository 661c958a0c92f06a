import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** Characters that are hashed at once: a millisecond or so. */
const PIECE = 256 * 1024;

/** Returns a digest of JSON values; large ones are hashed in pieces, between which others have their turn. */
export async function fingerprint(value: unknown): Promise<string> {
  const hash = createHash('sha256');
  let text = '';
  let isFirst = true;
  for (const token of tokensOf(value)) {
    text += token;
    if (text.length < PIECE) continue;
    if (!isFirst) await nextTurn();
    isFirst = false;
    hash.update(text);
    text = '';
  }
  return hash.update(text).digest('hex');
}

/** Writes a value in pieces of text that no other value has. */
function* tokensOf(value: unknown): Generator<string> {
  if (typeof value === 'string') {
    yield `"${value.length}:`;
    for (let start = 0; start < value.length; start += PIECE) yield value.slice(start, start + PIECE);
  } else if (Array.isArray(value)) {
    yield '[';
    for (const element of value as readonly unknown[]) yield* tokensOf(element);
    yield ']';
  } else if (typeof value === 'object' && value !== null) {
    yield '{';
    for (const [key, member] of Object.entries(value)) {
      yield `"${key.length}:${key}`;
      yield* tokensOf(member);
    }
    yield '}';
  } else {
    yield `${String(value)},`;
  }
}
