import type { Pace } from './async/pace.ts';

/** Decoded base64. */
interface Base64 {
  readonly bytes: Buffer;
  /** The bytes in the standard alphabet with padding. */
  readonly base64: string;
}

/** A `data:` URL whose data is base64. */
interface DataUrl extends Base64 {
  /** The URL in the form that every reader understands. */
  readonly url: string;
  readonly mediaType: string;
}

/** Maximum characters before the data. */
const MAX_HEAD_CHARACTERS = 300;

const HEAD = /^\s*data:([^;,]*)(;[^,]*)?;\s*base64\s*$/i;
const PLAIN = /^[A-Za-z0-9+/]*={0,2}$/;
const PLAIN_HEAD = /^data:[^\s,]*;base64$/i;

/** Parses a `data:` URL; returns undefined for any other URL, and for data that is not base64. */
export function parseDataUrl(url: string): DataUrl | undefined {
  const comma = url.slice(0, MAX_HEAD_CHARACTERS).indexOf(',');
  if (comma === -1) return undefined;
  const head = url.slice(0, comma);
  const mediaType = HEAD.exec(head)?.[1]?.trim();
  if (mediaType === undefined) return undefined;
  const data = url.slice(comma + 1);
  const read = readBase64(data);
  if (read === undefined) return undefined;
  const isPlain = read.base64 === data && PLAIN_HEAD.test(head);
  return { ...read, url: isPlain ? url : `data:${mediaType};base64,${read.base64}`, mediaType };
}

/** Characters of one piece, a multiple of four. */
const PIECE_CHARACTERS = 256 * 1024;

/**
 * Parses a long `data:` URL in pieces, with pauses for other work. A URL in an unusual form is still parsed
 * at once.
 */
export async function parseLongDataUrl(
  url: string,
  pace: Pace,
): Promise<Pick<DataUrl, 'url' | 'bytes'> | undefined> {
  const start = url.slice(0, MAX_HEAD_CHARACTERS).indexOf(',') + 1;
  const length = url.length - start;
  const isPlain =
    PLAIN_HEAD.test(url.slice(0, Math.max(start - 1, 0))) && length % 4 === 0 && hasZeroBits(url);
  if (length <= PIECE_CHARACTERS || !isPlain) return parseDataUrl(url);
  const bytes = Buffer.allocUnsafe((length / 4) * 3);
  let size = 0;
  for (let offset = start; offset < url.length; offset += PIECE_CHARACTERS) {
    const piece = url.slice(offset, offset + PIECE_CHARACTERS);
    const written = bytes.write(piece, size, 'base64');
    const isLast = offset + PIECE_CHARACTERS >= url.length;
    if (written !== countBytes(piece, isLast) || isUrlAlphabet(piece)) return parseDataUrl(url);
    size += written;
    await pace();
  }
  return { url, bytes: bytes.subarray(0, size) };
}

/** Returns the number of bytes in a piece that holds nothing but letters and padding. Node decodes fewer if there is anything else. */
function countBytes(piece: string, mayHavePadding: boolean): number {
  const padding = mayHavePadding ? /={0,2}$/.exec(piece.slice(-2))![0].length : 0;
  return (piece.length / 4) * 3 - padding;
}

function isUrlAlphabet(text: string): boolean {
  return text.includes('-') || text.includes('_');
}

/**
 * Decodes base64 in every form that clients write: in lines, without padding, in the URL alphabet,
 * percent-encoded. Returns undefined for anything else. Texts may have tens of megabytes, so nothing but a
 * plain loop runs per character.
 */
export function readBase64(given: string): Base64 | undefined {
  if (given.length % 4 === 0 && PLAIN.test(given) && hasZeroBits(given))
    return { bytes: Buffer.from(given, 'base64'), base64: given };
  const text = given.includes('%') ? decodePercents(given) : given;
  if (text === undefined || !isBase64(text)) return undefined;
  const bytes = Buffer.from(text, 'base64');
  return { bytes, base64: bytes.toString('base64') };
}

function decodePercents(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

const LETTER = 1;
const PADDING = 2;
const SPACE = 3;

/** Kinds of the characters below 128; 0 for characters that base64 does not allow. */
const KINDS = new Uint8Array(128);
for (const letter of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_')
  KINDS[letter.charCodeAt(0)] = LETTER;
for (const space of ' \t\n\v\f\r') KINDS[space.charCodeAt(0)] = SPACE;
KINDS['='.charCodeAt(0)] = PADDING;

/**
 * Returns true for letters of both alphabets and white space, followed by at most two padding signs, if every
 * letter belongs to a byte.
 */
function isBase64(text: string): boolean {
  let letters = 0;
  let padding = 0;
  for (let offset = 0; offset < text.length; offset += 1) {
    const kind = KINDS[text.charCodeAt(offset)];
    if (kind === LETTER && padding === 0) letters += 1;
    else if (kind === PADDING) padding += 1;
    else if (kind !== SPACE) return false;
  }
  return padding <= 2 && letters % 4 !== 1 && (letters > 0 || padding === 0);
}

/** Returns true if the unused bits of the last letter are zero, as strict decoders demand. */
function hasZeroBits(text: string): boolean {
  const last = text.slice(-4);
  return Buffer.from(last, 'base64').toString('base64') === last;
}
