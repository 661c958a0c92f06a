import type { Size } from './size.ts';

/** Bytes of signature, screen size, flags, background and ratio. */
const HEADER_BYTES = 13;
const EXTENSION = 0x21;
const FRAME = 0x2c;

/** Returns true if the first frame, which is the decoded one, lies within the screen. */
export function gifFrameFits(bytes: Buffer, screen: Size): boolean {
  let offset = HEADER_BYTES + colourTableLength(bytes[10] ?? 0);
  while (bytes[offset] === EXTENSION) {
    // A label, then blocks that begin with their length, then an empty block.
    offset += 2;
    while ((bytes[offset] ?? 0) > 0) offset += 1 + bytes[offset]!;
    offset += 1;
  }
  if (bytes[offset] !== FRAME || offset + 9 > bytes.length) return false;
  const [left, top, width, height] = [1, 3, 5, 7].map((field) => bytes.readUInt16LE(offset + field));
  return left! + width! <= screen.width && top! + height! <= screen.height;
}

function colourTableLength(flags: number): number {
  return flags & 0x80 ? 3 * 2 ** ((flags & 0x07) + 1) : 0;
}
