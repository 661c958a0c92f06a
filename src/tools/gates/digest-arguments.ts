import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** Characters hashed at once; that takes about a millisecond. */
const SLICE_CHARACTERS = 256 * 1024;

/** Returns a digest of arguments, whatever the order of their fields. Other work gets a turn between large parts. */
export async function digestArguments(value: unknown): Promise<string> {
  const hash = createHash('sha256');
  let text = '';
  for (const piece of piecesOf(value)) {
    text += piece;
    if (text.length < SLICE_CHARACTERS) continue;
    hash.update(text);
    text = '';
    await nextTurn();
  }
  return hash.update(text).digest('hex');
}

/** Writes a value as pieces of text that no other value has. */
function* piecesOf(value: unknown): Generator<string> {
  if (typeof value === 'string') {
    yield `"${value.length}:`;
    for (let start = 0; start < value.length; start += SLICE_CHARACTERS) {
      yield value.slice(start, start + SLICE_CHARACTERS);
    }
  } else if (Array.isArray(value)) {
    yield '[';
    for (const element of value as readonly unknown[]) yield* piecesOf(element);
    yield ']';
  } else if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).filter(([, member]) => member !== undefined);
    yield '{';
    for (const [key, member] of members.toSorted(([a], [b]) => (a < b ? -1 : 1))) {
      yield `"${key.length}:${key}`;
      yield* piecesOf(member);
    }
    yield '}';
  } else {
    yield `${String(value)},`;
  }
}
