import { stripCodes } from './reports/strip-codes.ts';

/** The output of a command: all of it as long as it is short, and its beginning and end otherwise. */
export interface BoundedOutput {
  add(block: Buffer): void;
  /** Returns the text, at most so many bytes as JSON, which names the bytes that are left out of the middle. */
  read(maxBytes: number): string;
}

const HEAD_BYTES = 32_768;
const TAIL_BYTES = 98_304;

export function createBoundedOutput(): BoundedOutput {
  const head: Buffer[] = [];
  let headBytes = 0;
  let tail: Buffer[] = [];
  let tailBytes = 0;
  let totalBytes = 0;

  function addToTail(block: Buffer): void {
    if (block.length === 0) return;
    tail.push(block);
    tailBytes += block.length;
    if (tailBytes <= 2 * TAIL_BYTES) return;
    tail = [Buffer.from(Buffer.concat(tail).subarray(-TAIL_BYTES))];
    tailBytes = TAIL_BYTES;
  }

  return {
    add(block) {
      totalBytes += block.length;
      const rest = Math.max(0, HEAD_BYTES - headBytes);
      const begin = block.subarray(0, rest);
      if (begin.length > 0) head.push(begin);
      headBytes += begin.length;
      addToTail(block.subarray(rest));
    },
    read(maxBytes) {
      const end = Buffer.concat(tail);
      if (totalBytes <= HEAD_BYTES + end.length) {
        const whole = clean(Buffer.concat([...head, end]));
        if (jsonBytes(whole) <= maxBytes) return whole;
      }
      return shorten(Buffer.concat(head), end, { totalBytes, maxBytes });
    },
  };
}

/** Takes as much of the beginning and of the end as fits. */
function shorten(
  head: Buffer,
  end: Buffer,
  { totalBytes, maxBytes }: { totalBytes: number; maxBytes: number },
): string {
  const all = end.length > 0 ? end : head;
  for (let size = maxBytes; ; size = Math.floor(size / 2)) {
    const first = head.subarray(0, Math.floor(size / 4));
    const last = all.subarray(Math.max(0, all.length - Math.floor(size / 2)));
    const leftOut = totalBytes - first.length - last.length;
    const text = `${clean(first)}\n[${leftOut} bytes are left out]\n${clean(last)}`;
    if (jsonBytes(text) <= maxBytes || size === 0) return text;
  }
}

/** Decodes a piece of output, without half characters at its ends and without colours. */
function clean(bytes: Buffer): string {
  return stripCodes(bytes.toString('utf8').replaceAll(/^\uFFFD{1,3}|\uFFFD{1,3}$/g, ''));
}

/** Returns the length of a text in JSON. */
export function jsonBytes(text: string): number {
  return Buffer.byteLength(JSON.stringify(text));
}
