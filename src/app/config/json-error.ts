/** A place in a JSON text at which it stops being JSON. */
export interface JsonError {
  /** From 1. */
  readonly line: number;
  readonly column: number;
  /** Problem at that place, as the end of a sentence. */
  readonly why: string;
}

const SPACE = /[ \t\r\n]*/y;
const STRING = /"(?:[^"\\\p{Cc}]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/uy;
const PLAIN = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.])/y;

/** Finds what keeps a text from being JSON. Node tells a line and column for some mistakes only. */
export function findJsonError(text: string): JsonError {
  const scanner = createScanner(text);
  createGrammar(scanner).text();
  const { place, why } = scanner.found() ?? { place: text.length, why: 'it is not JSON' };
  const lines = text.slice(0, place).split('\n');
  return { line: lines.length, column: lines.at(-1)!.length + 1, why };
}

type Scanner = ReturnType<typeof createScanner>;

/** Moves through a text, and keeps the first mistake in it. */
function createScanner(text: string) {
  let place = 0;
  let error: { readonly place: number; readonly why: string } | undefined;

  function fail(why: string): false {
    const rest = text.slice(place);
    const isComment = rest.startsWith('//') || rest.startsWith('/*');
    error ??= {
      place,
      why: rest === '' ? 'the text ends too early' : isComment ? 'JSON has no comments' : why,
    };
    return false;
  }

  function skip(pattern: RegExp): boolean {
    pattern.lastIndex = place;
    const isThere = pattern.test(text);
    if (isThere) place = pattern.lastIndex;
    return isThere;
  }

  function take(mark: string): boolean {
    skip(SPACE);
    if (text[place] !== mark) return false;
    place += 1;
    return true;
  }

  return {
    fail,
    skip,
    take,
    /** Returns true if the mark comes next, and stays before it. */
    sees: (mark: string) => text[place] === mark,
    isAtEnd: () => place === text.length,
    found: () => error,
  };
}

/** Creates the rules of JSON; each returns true if the text follows it. */
function createGrammar({ fail, skip, take, sees, isAtEnd }: Scanner) {
  function value(): boolean {
    if (take('{')) return members('}', member);
    if (take('[')) return members(']', value);
    if (sees('"')) return skip(STRING) || fail('this text has no closing quote, or a bad escape');
    if (sees("'")) return fail('texts are in double quotes');
    return skip(PLAIN) || fail('a value is expected');
  }

  function member(): boolean {
    skip(SPACE);
    if (!skip(STRING)) return fail('a key in double quotes is expected');
    return take(':') ? value() : fail("a ':' is expected after the key");
  }

  function members(end: string, one: () => boolean): boolean {
    if (take(end)) return true;
    for (;;) {
      if (!one()) return false;
      if (take(end)) return true;
      if (!take(',')) return fail(`a ',' or '${end}' is expected`);
      skip(SPACE);
      if (sees(end)) return fail(`remove the ',' before this '${end}'`);
    }
  }

  return {
    text(): boolean {
      if (!value()) return false;
      skip(SPACE);
      return isAtEnd() || fail('nothing may follow the object');
    },
  };
}
