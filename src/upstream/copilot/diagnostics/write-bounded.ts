import { StringDecoder } from 'node:string_decoder';
import { isJsonObject } from '../../../base/json.ts';

/** Depth below which a value is not written. */
const MAX_DEPTH = 500;

/** Characters that are read beyond the room, so that a secret is found that the end of the room cuts in two. */
export const MARGIN = 4096;

export interface BoundedText {
  readonly text: string;
  /** True if nothing is missing. */
  readonly isComplete: boolean;
}

/**
 * Writes a value as JSON until the room is full; the rest of the value is not looked at.
 * @param changeKey Applied to every key, `changeText` to every string.
 */
export function writeBounded(
  value: unknown,
  maxBytes: number,
  changeText: (text: string) => string,
  changeKey: (text: string) => string,
): BoundedText {
  const room = createRoom(maxBytes);
  const quote = (text: string, change: (text: string) => string) =>
    JSON.stringify(change(text.length > maxBytes + MARGIN ? text.slice(0, maxBytes + MARGIN) : text));

  function write(part: unknown, depth: number): void {
    if (depth > MAX_DEPTH) room.add('null');
    else if (typeof part === 'string') room.add(quote(part, changeText));
    else if (Array.isArray(part)) writeEntries('[]', part, (entry) => write(entry, depth + 1));
    else if (isJsonObject(part)) {
      writeEntries('{}', Object.keys(part), (key) => {
        room.add(`${quote(key, changeKey)}:`);
        write(part[key], depth + 1);
      });
    } else room.add(JSON.stringify(part));
  }

  function writeEntries<Entry>(
    [open, close]: string | [],
    entries: readonly Entry[],
    writeEntry: (entry: Entry) => void,
  ) {
    room.add(open ?? '');
    for (const [index, entry] of entries.entries()) {
      if (room.isFull()) return;
      if (index > 0) room.add(',');
      writeEntry(entry);
    }
    room.add(close ?? '');
  }

  write(value, 0);
  return room.take();
}

/** Returns the beginning of a text that fits into the room. */
export function cutToBytes(text: string, maxBytes: number): BoundedText {
  const room = createRoom(maxBytes);
  room.add(text);
  return room.take();
}

function createRoom(maxBytes: number) {
  const parts: string[] = [];
  let left = maxBytes;
  let isFull = false;
  return {
    isFull: () => isFull,
    add(part: string): void {
      if (isFull) return;
      const bytes = Buffer.from(part);
      isFull = bytes.length > left;
      // A character that does not fit as a whole is left out.
      parts.push(isFull ? new StringDecoder('utf8').write(bytes.subarray(0, left)) : part);
      left -= bytes.length;
    },
    take: (): BoundedText => ({ text: parts.join(''), isComplete: !isFull }),
  };
}
