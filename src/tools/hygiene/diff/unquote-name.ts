const ESCAPES: Readonly<Record<string, number>> = {
  a: 7,
  b: 8,
  t: 9,
  n: 10,
  v: 11,
  f: 12,
  r: 13,
  '"': 34,
  '\\': 92,
};

/** A name at the beginning of a text, and what follows it. */
export interface LeadingName {
  readonly name: string;
  readonly rest: string;
}

/**
 * Reads the quoted name at the beginning of a text, as git and GNU diff write it: in double quotes, with escapes of C, the bytes of
 * UTF-8 in octal. Returns undefined for a text that does not begin with one.
 */
export function readQuotedName(text: string): LeadingName | undefined {
  const quoted = /^"((?:[^"\\]|\\[^]){0,16384})"/.exec(text);
  if (quoted === null) return undefined;
  return { name: unescapeName(quoted[1]!), rest: text.slice(quoted[0].length) };
}

function unescapeName(text: string): string {
  // Escapes may be single bytes of one character; everything else is text already.
  return text.replaceAll(/(?:\\(?:[0-7]{1,3}|[^]))+/g, (run) => {
    const bytes = Array.from(run.matchAll(/\\([0-7]{1,3}|[^])/g), ([, escape]) => byteOf(escape!));
    return Buffer.concat(bytes).toString('utf8');
  });
}

function byteOf(escape: string): Buffer {
  if (/^[0-7]/.test(escape)) return Buffer.of(Number.parseInt(escape, 8) & 0xff);
  const code = ESCAPES[escape];
  return code === undefined ? Buffer.from(escape) : Buffer.of(code);
}
