import type { Quoted } from './container-stack.ts';

/** Bytes of the longest string that is read: no name that has a meaning here comes near it. */
const MAX_READ_BYTES = 4096;

/** Returns the text of a string in a JSON document; undefined for one that is much too long for a name. */
export function readQuoted(body: Buffer, { start, end, isEscaped }: Quoted): string | undefined {
  if (end - start > MAX_READ_BYTES) return undefined;
  if (isEscaped) return JSON.parse(body.toString('utf8', start, end)) as string;
  return body.toString('utf8', start + 1, end - 1);
}

/** Returns true if a string in a JSON document has this text, which is ASCII. */
export function isQuoted(body: Buffer, quoted: Quoted | undefined, text: string): boolean {
  if (quoted === undefined) return false;
  const hasSameLength = quoted.end - quoted.start - 2 === text.length;
  return (quoted.isEscaped || hasSameLength) && readQuoted(body, quoted) === text;
}
