const MAX_BYTES = 120;
/** Matches what a name of a file must not have: separators, control characters, and what shells and terminals take for more. */
// oxlint-disable-next-line no-control-regex
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069"'`$&|;<>*?\\/:]/g;

/** Returns a name that is safe for a file and unlike those that are taken; clients choose names freely. */
export function safeName(given: string, taken: ReadonlySet<string>): string {
  const last =
    given
      .toWellFormed()
      .split(/[\\/]/)
      .findLast((part) => part.trim() !== '') ?? '';
  const plain = last
    .replaceAll(UNSAFE, '_')
    .trim()
    .replace(/^[.\-~ ]+/, '')
    .replace(/[. ]+$/, '');
  const name = plain === '' ? 'attachment' : plain;
  const [, stem = name, extension = ''] = /^(.+?)(\.[^.]{1,16})?$/s.exec(name) ?? [];
  const room = MAX_BYTES - Buffer.byteLength(extension) - 6;
  const short = cut(stem, room);
  for (let count = 1; ; count += 1) {
    const candidate = `${short}${count === 1 ? '' : `-${count}`}${extension}`;
    // Some systems take names in any letter case for the same.
    if (!taken.has(candidate.toLowerCase())) return candidate;
  }
}

/** Returns the beginning of a text that fits into some bytes, in whole characters. */
function cut(text: string, maxBytes: number): string {
  let size = 0;
  let kept = '';
  for (const character of text) {
    size += Buffer.byteLength(character);
    if (size > maxBytes) break;
    kept += character;
  }
  return kept;
}
