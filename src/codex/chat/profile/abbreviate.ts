import { createHash, type Hash } from 'node:crypto';
import type { Pace } from '../../../base/async/pace.ts';
import type { LineFilter } from '../../protocol/ndjson-reader.ts';

/** Longest data, in characters, that stays as it is. */
const MAX_DATA_CHARACTERS = 64 * 1024;
/** Characters at the beginning of a data URL within which its comma stands. */
const PREFIX_CHARACTERS = 128;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;

/**
 * Creates a filter that shortens the long texts of a line of JSON as its bytes arrive: an image can be compared with the one
 * that was sent without being held or parsed. Each text becomes what `abbreviateText` returns for it, provided that JSON
 * escapes nothing in it.
 */
export function createAbbreviator(): LineFilter {
  let text: TextBytes | undefined;
  let isEscaped = false;

  /** Returns the index at which the text ends, or the number of bytes. */
  function findEnd(bytes: Buffer, start: number): number {
    let index = start;
    if (isEscaped && index < bytes.length) {
      isEscaped = false;
      index += 1;
    }
    for (let quote = -1; index < bytes.length;) {
      if (quote < index) quote = bytes.indexOf(QUOTE, index);
      if (quote === -1) quote = bytes.length;
      const backslash = bytes.subarray(index, quote).indexOf(BACKSLASH);
      if (backslash === -1) return quote;
      index += backslash + 2;
    }
    // A backslash at the very end escapes the first of the next bytes.
    isEscaped = index > bytes.length;
    return bytes.length;
  }

  return {
    add(bytes) {
      const kept: Buffer[] = [];
      for (let index = 0; index < bytes.length;) {
        const start = index;
        if (text === undefined) {
          const quote = bytes.indexOf(QUOTE, index);
          index = quote === -1 ? bytes.length : quote + 1;
          if (quote !== -1) text = createTextBytes();
          kept.push(bytes.subarray(start, index));
          continue;
        }
        index = findEnd(bytes, index);
        text.add(bytes.subarray(start, index));
        if (index === bytes.length) break;
        kept.push(...text.end(), bytes.subarray(index, index + 1));
        text = undefined;
        index += 1;
      }
      return kept;
    },
  };
}

interface TextBytes {
  add(bytes: Buffer): void;
  /** Returns the bytes that are kept of the text. */
  end(): Buffer[];
}

function createTextBytes(): TextBytes {
  let parts: Buffer[] = [];
  let length = 0;
  let hash: Hash | undefined;

  /** Begins to shorten the text: from here on only a hash is kept of it. */
  function shorten(): Hash {
    const bytes = Buffer.concat(parts);
    const prefix = bytes.subarray(0, PREFIX_CHARACTERS).indexOf(COMMA) + 1;
    parts = [bytes.subarray(0, prefix)];
    length -= prefix;
    return createHash('sha256').update(bytes.subarray(prefix));
  }

  return {
    add(bytes) {
      length += bytes.length;
      if (hash !== undefined) hash.update(bytes);
      else parts.push(bytes);
      if (length > MAX_DATA_CHARACTERS + PREFIX_CHARACTERS) hash ??= shorten();
    },
    end() {
      const isLong =
        hash !== undefined ||
        (length > MAX_DATA_CHARACTERS && dataLength(parts, length) > MAX_DATA_CHARACTERS);
      if (isLong) hash ??= shorten();
      return hash === undefined ? parts : [...parts, Buffer.from(digest(length, hash))];
    },
  };
}

function dataLength(parts: readonly Buffer[], length: number): number {
  return length - (Buffer.concat(parts).subarray(0, PREFIX_CHARACTERS).indexOf(COMMA) + 1);
}

/** Returns a text with its data replaced by length and hash if that is long; works in pieces. */
export async function abbreviateText(text: string, pace: Pace): Promise<string> {
  const prefix = text.slice(0, PREFIX_CHARACTERS).indexOf(',') + 1;
  if (text.length - prefix <= MAX_DATA_CHARACTERS) return text;
  const hash = createHash('sha256');
  for (let start = prefix; start < text.length; start += MAX_DATA_CHARACTERS) {
    hash.update(text.slice(start, start + MAX_DATA_CHARACTERS), 'latin1');
    await pace();
  }
  return text.slice(0, prefix) + digest(text.length - prefix, hash);
}

function digest(length: number, hash: Hash): string {
  return `#${length}#${hash.digest('hex')}`;
}
