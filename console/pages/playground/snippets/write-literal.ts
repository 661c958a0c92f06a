/** Spelling of the literals of a language; strings are written alike in all. */
export interface Spelling {
  readonly indent: string;
  readonly words: { readonly true: string; readonly false: string; readonly null: string };
  /** Writes the key of an object. */
  key(name: string): string;
  /** Follows the last of several lines. */
  readonly lastComma: ',' | '';
  /** Comes within the braces of an object on one line. */
  readonly pad: ' ' | '';
}

/** Longest list or object on a line of its own. */
const MAX_LINE = 72;

export const PYTHON: Spelling = {
  indent: '    ',
  words: { true: 'True', false: 'False', null: 'None' },
  key: (name) => `${JSON.stringify(name)}: `,
  lastComma: ',',
  pad: '',
};

export const JAVASCRIPT: Spelling = {
  indent: '  ',
  words: { true: 'true', false: 'false', null: 'null' },
  key(name) {
    // This one would set the prototype.
    if (name === '__proto__') return `[${JSON.stringify(name)}]: `;
    return `${/^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name)}: `;
  },
  lastComma: ',',
  pad: ' ',
};

export const JSON_SPELLING: Spelling = {
  indent: '  ',
  words: { true: 'true', false: 'false', null: 'null' },
  key: (name) => `${JSON.stringify(name)}: `,
  lastComma: '',
  pad: ' ',
};

/** Writes a JSON value as a literal of a language, short lists and objects on one line. */
export function writeLiteral(value: unknown, spelling: Spelling, margin = ''): string {
  if (typeof value !== 'object' || value === null) return writeScalar(value, spelling);
  const isList = Array.isArray(value);
  const inner = margin + spelling.indent;
  const parts = Object.entries(value).flatMap(([name, one]) =>
    one === undefined ? [] : [(isList ? '' : spelling.key(name)) + writeLiteral(one, spelling, inner)],
  );
  if (parts.length === 0) return isList ? '[]' : '{}';
  const line = parts.join(', ');
  if (line.length <= MAX_LINE && !line.includes('\n'))
    return isList ? `[${line}]` : `{${spelling.pad}${line}${spelling.pad}}`;
  const lines = `\n${parts.map((part) => inner + part).join(',\n')}${spelling.lastComma}\n${margin}`;
  return isList ? `[${lines}]` : `{${lines}}`;
}

function writeScalar(value: unknown, { words }: Spelling): string {
  if (value === null || value === true || value === false) return words[`${value}`];
  return JSON.stringify(value);
}
