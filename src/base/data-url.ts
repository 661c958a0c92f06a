import type { Pace } from './async/pace.ts';

/** Bytes that were written as base64. */
interface Base64 {
  readonly bytes: Buffer;
  /** The same bytes in the standard alphabet, padded, and nothing else. */
  readonly base64: string;
}

/** A `data:` URL whose data is base64. */
interface DataUrl extends Base64 {
  /** The same URL in the one form that every reader of it understands. */
  readonly url: string;
  readonly mediaType: string;
}

/** Characters of what stands before the data. */
const MAX_HEAD = 300;

const HEAD = /^\s*data:([^;,]*)(;[^,]*)?;\s*base64\s*$/i;
const PLAIN = /^[A-Za-z0-9+/]*={0,2}$/;
const PLAIN_HEAD = /^data:[^\s,]*;base64$/i;

/** Returns undefined for what is no `data:` URL, or has its data in another form than base64. */
export function parseDataUrl(url: string): DataUrl | undefined {
  const comma = url.slice(0, MAX_HEAD).indexOf(',');
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

/** Characters that are read in one go; whole groups of four. */
const PIECE = 256 * 1024;
const LETTERS = /^[A-Za-z0-9+/]*$/;

/** The same in pieces, between which others have their turn. Only a URL in another form than the plain one is read in one go. */
export async function parseLongDataUrl(
  url: string,
  pace: Pace,
): Promise<Pick<DataUrl, 'url' | 'bytes'> | undefined> {
  const start = url.slice(0, MAX_HEAD).indexOf(',') + 1;
  const length = url.length - start;
  const isPlain =
    PLAIN_HEAD.test(url.slice(0, Math.max(start - 1, 0))) && length % 4 === 0 && hasZeroBits(url);
  if (length <= PIECE || !isPlain) return parseDataUrl(url);
  const bytes = Buffer.allocUnsafe((length / 4) * 3);
  let size = 0;
  for (let place = start; place < url.length; place += PIECE) {
    const piece = url.slice(place, place + PIECE);
    const isLast = place + PIECE >= url.length;
    if (!(isLast ? PLAIN : LETTERS).test(piece)) return parseDataUrl(url);
    size += bytes.write(piece, size, 'base64');
    await pace();
  }
  return { url, bytes: bytes.subarray(0, size) };
}

/**
 * Reads base64 in every form that clients write: in lines, without padding, in the alphabet of URLs, percent-encoded.
 * Returns undefined for what is no base64. A text may have tens of megabytes, so no step of this has a cost for each letter
 * beside a plain loop.
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

/** Kinds of the characters below 128; 0 for one that has no place in base64. */
const KINDS = new Uint8Array(128);
for (const letter of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_')
  KINDS[letter.charCodeAt(0)] = LETTER;
for (const space of ' \t\n\v\f\r') KINDS[space.charCodeAt(0)] = SPACE;
KINDS['='.charCodeAt(0)] = PADDING;

/** Letters of both alphabets and white space, then at most two signs of padding; no letter that belongs to no byte. */
function isBase64(text: string): boolean {
  let letters = 0;
  let padding = 0;
  for (let place = 0; place < text.length; place += 1) {
    const kind = KINDS[text.charCodeAt(place)];
    if (kind === LETTER && padding === 0) letters += 1;
    else if (kind === PADDING) padding += 1;
    else if (kind !== SPACE) return false;
  }
  return padding <= 2 && letters % 4 !== 1 && (letters > 0 || padding === 0);
}

/** Strict readers refuse a last letter with bits that belong to no byte. */
function hasZeroBits(text: string): boolean {
  const last = text.slice(-4);
  return Buffer.from(last, 'base64').toString('base64') === last;
}
