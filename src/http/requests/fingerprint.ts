import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** Characters hashed at once; that takes about a millisecond. */
const SLICE_CHARACTERS = 256 * 1024;

/** Returns a digest of JSON values. Large values are hashed in slices, so that other work gets a turn in between. */
export async function fingerprint(value: unknown): Promise<string> {
  const hash = createHash('sha256');
  let text = '';
  let isFirst = true;
  for (const token of tokensOf(value)) {
    text += token;
    if (text.length < SLICE_CHARACTERS) continue;
    if (!isFirst) await nextTurn();
    isFirst = false;
    hash.update(text);
    text = '';
  }
  return hash.update(text).digest('hex');
}

/** Writes a value as pieces of text that no other value has. */
function* tokensOf(value: unknown): Generator<string> {
  if (typeof value === 'string') {
    yield `"${value.length}:`;
    for (let start = 0; start < value.length; start += SLICE_CHARACTERS)
      yield value.slice(start, start + SLICE_CHARACTERS);
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
