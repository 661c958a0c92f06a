const START = Buffer.from([0xff, 0xd8]);

/** Segments that may stand before the frame header: application data, comments, tables, the restart interval. */
const isSkipped = (marker: number) =>
  (marker >= 0xe0 && marker <= 0xef) || [0xfe, 0xdb, 0xc4, 0xdd].includes(marker);

/** Baseline, extended and progressive frames; nothing else is decoded by anyone. */
const isFrame = (marker: number) => marker >= 0xc0 && marker <= 0xc2;

/**
 * A JPEG cut down to its frame header, which tells the size. Undefined where anything unusual stands before it: decoders
 * skip that in different ways, and so come to different headers.
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
