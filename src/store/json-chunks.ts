import { setImmediate as nextTurn } from 'node:timers/promises';
import type { JsonObject } from '../base/json.ts';

/** Characters of JSON that are encoded or parsed at once, which takes a millisecond or two. */
const CHUNK_CHARACTERS = 256 * 1024;

/** Number of elements that are sent to another thread at once. */
const PART_LENGTH = 200;

/** A list as JSON arrays of about `CHUNK_CHARACTERS` characters, which cross threads as plain memory. */
export type JsonChunks = readonly string[];

export function encodeChunks(list: readonly object[]): JsonChunks {
  const chunks: string[] = [];
  let texts: string[] = [];
  let size = 0;
  const flush = () => {
    if (texts.length > 0) chunks.push(`[${texts.join(',')}]`);
    texts = [];
    size = 0;
  };
  for (const element of list) {
    const text = JSON.stringify(element);
    texts.push(text);
    size += text.length;
    if (size >= CHUNK_CHARACTERS) flush();
  }
  flush();
  return chunks;
}

/** Parses the chunks, and yields to other work between two of them. */
export async function decodeChunks(chunks: JsonChunks): Promise<JsonObject[]> {
  const list: JsonObject[] = [];
  for (const [index, chunk] of chunks.entries()) {
    if (index > 0) await nextTurn();
    for (const element of JSON.parse(chunk) as JsonObject[]) list.push(element);
  }
  return list;
}

/** Sends a list in parts, and yields to other work between two of them. */
export async function sendInParts<T>(list: readonly T[], send: (part: readonly T[]) => void): Promise<void> {
  for (let start = 0; start < list.length; start += PART_LENGTH) {
    if (start > 0) await nextTurn();
    send(list.slice(start, start + PART_LENGTH));
  }
}
