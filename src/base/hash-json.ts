/** Characters hashed at once; that takes about a millisecond. */
const SLICE_CHARACTERS = 256 * 1024;

export interface HashJsonOptions {
  /** Adds text to the hash. */
  update(text: string): unknown;
  /** Gives other work a turn, between two slices of a large value. */
  pause(): Promise<unknown>;
  /** Returns the members of an object in the order that counts; by default that of the object. */
  membersOf?(value: object): readonly (readonly [key: string, member: unknown])[];
}

/** Feeds a JSON value to a hash, in slices; no other value gives the same text. */
export async function hashJson(value: unknown, options: HashJsonOptions): Promise<void> {
  const { update, pause, membersOf = Object.entries } = options;
  let text = '';
  let isFirst = true;
  for (const piece of piecesOf(value, membersOf)) {
    text += piece;
    if (text.length < SLICE_CHARACTERS) continue;
    if (!isFirst) await pause();
    isFirst = false;
    update(text);
    text = '';
  }
  update(text);
}

function* piecesOf(value: unknown, membersOf: NonNullable<HashJsonOptions['membersOf']>): Generator<string> {
  if (typeof value === 'string') {
    yield `"${value.length}:`;
    for (let start = 0; start < value.length; start += SLICE_CHARACTERS) {
      yield value.slice(start, start + SLICE_CHARACTERS);
    }
  } else if (Array.isArray(value)) {
    yield '[';
    for (const element of value as readonly unknown[]) yield* piecesOf(element, membersOf);
    yield ']';
  } else if (typeof value === 'object' && value !== null) {
    yield '{';
    for (const [key, member] of membersOf(value)) {
      yield `"${key.length}:${key}`;
      yield* piecesOf(member, membersOf);
    }
    yield '}';
  } else {
    yield `${String(value)},`;
  }
}
