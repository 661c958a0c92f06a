import { imageDimensionsFromData } from 'image-dimensions';
import type { Size } from './size.ts';

/** `RIFF`, the length, `WEBP`: with a frame's own chunk behind it, a whole simple file. */
const FILE_HEADER_LENGTH = 12;
const CHUNK_HEADER_LENGTH = 8;
/** Bytes of a frame's chunk that tell its size. */
const FRAME_START = 24;
/** Place, size, duration and flags before the frame of an animation. */
const ANIMATION_HEADER_LENGTH = 16;

/** More chunks than any picture has. */
const MAX_CHUNKS = 10_000;

interface Chunk {
  readonly type: string;
  readonly start: number;
  readonly data: number;
  readonly end: number;
}

/** Whether no frame of a WebP is larger than the canvas that its header tells: each is decoded whole before they are compared. */
export function webpFramesFit(bytes: Buffer, canvas: Size): boolean {
  // Decoders read on behind the length that the file tells, where there may as well be rubbish.
  const rubbish = CHUNK_HEADER_LENGTH + bytes.readUInt32LE(4);
  const chunks = readChunks(bytes, FILE_HEADER_LENGTH, bytes.length, rubbish);
  const animated = chunks
    ?.filter(({ type }) => type === 'ANMF')
    .map(({ data, end }) => readChunks(bytes, data + ANIMATION_HEADER_LENGTH, end));
  return [chunks, ...(animated ?? [])].every((siblings) => {
    const frames = siblings?.filter(({ type }) => type === 'VP8 ' || type === 'VP8L');
    return frames !== undefined && frames.length <= 1 && frames.every((frame) => fits(bytes, frame, canvas));
  });
}

/** The chunks of a range; undefined where one that begins before `rubbish` leaves it, or there are too many. */
function readChunks(bytes: Buffer, from: number, to: number, rubbish = to): Chunk[] | undefined {
  const chunks: Chunk[] = [];
  let start = from;
  while (start + CHUNK_HEADER_LENGTH <= to) {
    const type = bytes.toString('latin1', start, start + 4);
    const data = start + CHUNK_HEADER_LENGTH;
    const end = data + bytes.readUInt32LE(start + 4);
    if (end > to && start >= rubbish) return chunks;
    if (end > to || chunks.length === MAX_CHUNKS) return undefined;
    chunks.push({ type, start, data, end });
    // Chunks begin at even places.
    start = end + (end % 2);
  }
  return chunks;
}

function fits(bytes: Buffer, { start }: Chunk, canvas: Size): boolean {
  const header = bytes.subarray(0, FILE_HEADER_LENGTH);
  const frame = imageDimensionsFromData(Buffer.concat([header, bytes.subarray(start, start + FRAME_START)]));
  return frame !== undefined && frame.width <= canvas.width && frame.height <= canvas.height;
}
