import { createHash, type Hash } from 'node:crypto';
import type { Pace } from '../../base/async/pace.ts';

/** Characters up to which the data of a text stays as it is. */
const LONG = 64 * 1024;
/** Characters in which the comma before the data of a data URL stands. */
const PREFIX = 128;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;

/**
 * Shortens the long texts of a line of JSON as its bytes come: nobody has to hold or parse an image to learn whether it is
 * the one that was sent. What is left of a text is what `abbreviateText` makes of it, as long as JSON writes it as it is.
 */
export interface Abbreviator {
  /** Takes the next bytes of the line; returns what is to be kept of them. */
  add(bytes: Buffer): Buffer[];
}

export function createAbbreviator(): Abbreviator {
  let text: TextBytes | undefined;
  let isEscaped = false;

  /** Returns where the text ends, or the end of the bytes. */
  function findEnd(bytes: Buffer, start: number): number {
    let place = start;
    if (isEscaped && place < bytes.length) {
      isEscaped = false;
      place += 1;
    }
    for (let quote = -1; place < bytes.length;) {
      if (quote < place) quote = bytes.indexOf(QUOTE, place);
      if (quote === -1) quote = bytes.length;
      const backslash = bytes.subarray(place, quote).indexOf(BACKSLASH);
      if (backslash === -1) return quote;
      place += backslash + 2;
    }
    // A backslash at the very end escapes what comes next.
    isEscaped = place > bytes.length;
    return bytes.length;
  }

  return {
    add(bytes) {
      const kept: Buffer[] = [];
      for (let place = 0; place < bytes.length;) {
        const start = place;
        if (text === undefined) {
          const quote = bytes.indexOf(QUOTE, place);
          place = quote === -1 ? bytes.length : quote + 1;
          if (quote !== -1) text = createTextBytes();
          kept.push(bytes.subarray(start, place));
          continue;
        }
        place = findEnd(bytes, place);
        text.add(bytes.subarray(start, place));
        if (place === bytes.length) break;
        kept.push(...text.end(), bytes.subarray(place, place + 1));
        text = undefined;
        place += 1;
      }
      return kept;
    },
  };
}

interface TextBytes {
  add(bytes: Buffer): void;
  /** Returns what is kept of the text. */
  end(): Buffer[];
}

function createTextBytes(): TextBytes {
  let parts: Buffer[] = [];
  let length = 0;
  let hash: Hash | undefined;

  /** From here on, only the beginning is kept. */
  function shorten(): Hash {
    const bytes = Buffer.concat(parts);
    const prefix = bytes.subarray(0, PREFIX).indexOf(COMMA) + 1;
    parts = [bytes.subarray(0, prefix)];
    length -= prefix;
    return createHash('sha256').update(bytes.subarray(prefix));
  }

  return {
    add(bytes) {
      length += bytes.length;
      if (hash !== undefined) hash.update(bytes);
      else parts.push(bytes);
      if (length > LONG + PREFIX) hash ??= shorten();
    },
    end() {
      const isLong = hash !== undefined || (length > LONG && dataLength(parts, length) > LONG);
      if (isLong) hash ??= shorten();
      return hash === undefined ? parts : [...parts, Buffer.from(digest(length, hash))];
    },
  };
}

function dataLength(parts: readonly Buffer[], length: number): number {
  return length - (Buffer.concat(parts).subarray(0, PREFIX).indexOf(COMMA) + 1);
}

/** The same for a text, in pieces. */
export async function abbreviateText(text: string, pace: Pace): Promise<string> {
  const prefix = text.slice(0, PREFIX).indexOf(',') + 1;
  if (text.length - prefix <= LONG) return text;
  const hash = createHash('sha256');
  for (let start = prefix; start < text.length; start += LONG) {
    hash.update(text.slice(start, start + LONG), 'latin1');
    await pace();
  }
  return text.slice(0, prefix) + digest(text.length - prefix, hash);
}

function digest(length: number, hash: Hash): string {
  return `#${length}#${hash.digest('hex')}`;
}
