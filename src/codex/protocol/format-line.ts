import { endOfPiece } from '../../base/end-of-piece.ts';
import { exactJson } from '../../base/json.ts';

/** Most characters that are formatted in one step. */
const MAX_PIECE_CHARACTERS = 64 * 1024;

/**
 * Returns a message as one line of JSON, in pieces that each take little time to make. Lone surrogates become U+FFFD: the
 * app-server never replies to a line with one, even in a key.
 */
export function* formatLine(message: object): Generator<string> {
  let text = '';
  for (const piece of write(message)) {
    text += piece;
    if (text.length < MAX_PIECE_CHARACTERS) continue;
    yield text;
    text = '';
  }
  yield `${text}\n`;
}

/** Returns a message as one line of JSON, as `formatLine` does, or undefined if it takes more than one step to format. */
export function formatShortLine(message: object): string | undefined {
  return weigh(message) > MAX_PIECE_CHARACTERS ? undefined : `${stringify(message)}\n`;
}

function* write(value: unknown): Generator<string> {
  if (isLeaf(value) || weigh(value) <= MAX_PIECE_CHARACTERS) yield stringify(value);
  else if (typeof value === 'string') yield* writeText(value);
  else if (Array.isArray(value)) yield* writeArray(value);
  else yield* writeObject(value as object);
}

function* writeText(text: string): Generator<string> {
  yield '"';
  for (let start = 0; start < text.length;) {
    const end = endOfPiece(text, start, MAX_PIECE_CHARACTERS);
    yield stringify(text.slice(start, end)).slice(1, -1);
    start = end;
  }
  yield '"';
}

/** Writes as many small values together as fit into a piece. */
function* writeArray(values: readonly unknown[]): Generator<string> {
  yield '[';
  for (let start = 0; start < values.length;) {
    if (start > 0) yield ',';
    let end = start;
    for (let weight = 0; end < values.length; end += 1) {
      weight += weigh(values[end]);
      if (weight > MAX_PIECE_CHARACTERS) break;
    }
    if (end > start) yield stringify(values.slice(start, end)).slice(1, -1);
    else {
      yield* write(values[start]);
      end = start + 1;
    }
    start = end;
  }
  yield ']';
}

function* writeObject(value: object): Generator<string> {
  let separator = '{';
  for (const [key, field] of Object.entries(value)) {
    if (field === undefined) continue;
    yield `${separator}${stringify(key)}:`;
    yield* write(field);
    separator = ',';
  }
  yield separator === '{' ? '{}' : '}';
}

/** Estimates the characters of a value's JSON; stops counting once they are over the limit. */
export function weigh(value: unknown, limit: number = MAX_PIECE_CHARACTERS): number {
  if (typeof value === 'string') return value.length + 3;
  if (isLeaf(value)) return 8;
  let weight = 3;
  if (Array.isArray(value)) {
    // By index, as `for … in` would list all keys first.
    for (let index = 0; index < value.length && weight <= limit; index += 1)
      weight += 3 + weigh(value[index], limit - weight);
    return weight;
  }
  for (const key in value as object) {
    weight += key.length + 3 + weigh((value as Record<string, unknown>)[key], limit - weight);
    if (weight > limit) break;
  }
  return weight;
}

function isLeaf(value: unknown): boolean {
  return (
    (typeof value !== 'object' && typeof value !== 'string') || value === null || exactJson.isRawJSON(value)
  );
}

/** Stringifies a value without lone surrogates. JSON.stringify writes only these as `\udXXX`; a backslash in a text is doubled. */
function stringify(value: unknown): string {
  const text = JSON.stringify(value);
  if (!text.includes('\\ud')) return text;
  return text.replaceAll(/\\\\|\\ud[89a-f][0-9a-f]{2}/g, (escape) => (escape === '\\\\' ? escape : '\uFFFD'));
}
