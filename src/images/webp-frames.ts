import { imageDimensionsFromData } from 'image-dimensions';
import type { Size } from './size.ts';

/** Bytes of `RIFF`, length and `WEBP`. Followed by the chunk of a frame, they form a complete simple file. */
const FILE_HEADER_BYTES = 12;
const CHUNK_HEADER_BYTES = 8;
/** Bytes at the start of a frame's chunk that contain its size. */
const FRAME_HEADER_BYTES = 24;
/** Bytes of position, size, duration and flags before the frame of an animation. */
const ANIMATION_HEADER_BYTES = 16;

/** Maximum number of chunks, more than any real image has. */
const MAX_CHUNKS = 10_000;

interface Chunk {
  readonly type: string;
  readonly start: number;
  readonly data: number;
  readonly end: number;
}

/**
 * Returns true if no frame of a WebP is larger than the canvas in its header: decoders decode a complete
 * frame before they compare the two.
 */
export function webpFramesFit(bytes: Buffer, canvas: Size): boolean {
  // Decoders read past the length that the file declares, where there may be arbitrary bytes.
  const trailing = CHUNK_HEADER_BYTES + bytes.readUInt32LE(4);
  const chunks = readChunks(bytes, FILE_HEADER_BYTES, bytes.length, trailing);
  const animated = chunks
    ?.filter(({ type }) => type === 'ANMF')
    .map(({ data, end }) => readChunks(bytes, data + ANIMATION_HEADER_BYTES, end));
  return [chunks, ...(animated ?? [])].every((siblings) => {
    const frames = siblings?.filter(({ type }) => type === 'VP8 ' || type === 'VP8L');
    return frames !== undefined && frames.length <= 1 && frames.every((frame) => fits(bytes, frame, canvas));
  });
}

/**
 * Returns the chunks of a range; undefined if a chunk that begins before `trailing` exceeds the range, or
 * there are too many.
 */
function readChunks(bytes: Buffer, from: number, to: number, trailing = to): Chunk[] | undefined {
  const chunks: Chunk[] = [];
  let start = from;
  while (start + CHUNK_HEADER_BYTES <= to) {
    const type = bytes.toString('latin1', start, start + 4);
    const data = start + CHUNK_HEADER_BYTES;
    const end = data + bytes.readUInt32LE(start + 4);
    if (end > to && start >= trailing) return chunks;
    if (end > to || chunks.length === MAX_CHUNKS) return undefined;
    chunks.push({ type, start, data, end });
    // Chunks begin at even offsets.
    start = end + (end % 2);
  }
  return chunks;
}

function fits(bytes: Buffer, { start }: Chunk, canvas: Size): boolean {
  const header = bytes.subarray(0, FILE_HEADER_BYTES);
  const frame = imageDimensionsFromData(
    Buffer.concat([header, bytes.subarray(start, start + FRAME_HEADER_BYTES)]),
  );
  return frame !== undefined && frame.width <= canvas.width && frame.height <= canvas.height;
}
