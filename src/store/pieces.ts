import { setImmediate as nextTurn } from 'node:timers/promises';
import type { JsonObject } from '../base/json.ts';

/** Characters of JSON that are written or parsed at once: a millisecond or two. */
const PIECE = 256 * 1024;

/** Elements of a list that cross to another thread at once. */
const PART = 200;

/** A list as JSON: arrays of about `PIECE` characters, which cross to another thread as plain memory. */
export type Pieces = readonly string[];

export function writePieces(list: readonly JsonObject[]): Pieces {
  const pieces: string[] = [];
  let texts: string[] = [];
  let size = 0;
  const flush = () => {
    if (texts.length > 0) pieces.push(`[${texts.join(',')}]`);
    texts = [];
    size = 0;
  };
  for (const element of list) {
    const text = JSON.stringify(element);
    texts.push(text);
    size += text.length;
    if (size >= PIECE) flush();
  }
  flush();
  return pieces;
}

/** Parses the pieces, and lets other work have its turn between two of them. */
export async function readPieces(pieces: Pieces): Promise<JsonObject[]> {
  const list: JsonObject[] = [];
  for (const [place, piece] of pieces.entries()) {
    if (place > 0) await nextTurn();
    for (const element of JSON.parse(piece) as JsonObject[]) list.push(element);
  }
  return list;
}

/** Passes a list on in parts, and lets other work have its turn between two of them. */
export async function sendParts<T>(list: readonly T[], send: (part: readonly T[]) => void): Promise<void> {
  for (let start = 0; start < list.length; start += PART) {
    if (start > 0) await nextTurn();
    send(list.slice(start, start + PART));
  }
}
