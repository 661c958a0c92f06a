const START = Buffer.from([0xff, 0xd8]);

/**
 * Returns true for segments that may precede the frame header: application data, comments, tables, restart
 * interval.
 */
const isSkipped = (marker: number) =>
  (marker >= 0xe0 && marker <= 0xef) || [0xfe, 0xdb, 0xc4, 0xdd].includes(marker);

/** Returns true for baseline, extended and progressive frames, the only ones that decoders support. */
const isFrame = (marker: number) => marker >= 0xc0 && marker <= 0xc2;

/**
 * Returns a JPEG reduced to its frame header, which contains the size. Undefined if unusual segments precede
 * it: decoders skip them in different ways and would find different headers.
 */
export function frameHeaderOf(bytes: Buffer): Buffer | undefined {
  let offset = START.length;
  while (offset + 4 <= bytes.length) {
    if (bytes[offset] !== 0xff) return undefined;
    const marker = bytes[offset + 1]!;
    if (marker === 0xff) {
      offset += 1;
      continue;
    }
    const end = offset + 2 + bytes.readUInt16BE(offset + 2);
    if (isFrame(marker)) return Buffer.concat([START, bytes.subarray(offset, end)]);
    if (!isSkipped(marker)) return undefined;
    offset = end;
  }
  return undefined;
}
