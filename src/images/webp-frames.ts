import { imageDimensionsFromData } from 'image-dimensions';

/** `RIFF`, the length, `WEBP`: with a frame's own chunk behind it, a whole simple file. */
const FILE_HEADER_LENGTH = 12;
const CHUNK_HEADER_LENGTH = 8;
/** Bytes of a frame's chunk that tell its size. */
const FRAME_START = 24;
/** Place, size, duration and flags before the frame of an animation. */
const ANIMATION_HEADER_LENGTH = 16;

/** Whether no frame of a WebP is larger than the canvas that its header tells: each is decoded whole before they are compared. */
export function framesFit(bytes: Buffer, canvas: { width: number; height: number }): boolean {
  const header = bytes.subarray(0, FILE_HEADER_LENGTH);
  let offset = FILE_HEADER_LENGTH;
  while (offset + CHUNK_HEADER_LENGTH <= bytes.length) {
    const type = bytes.toString('latin1', offset, offset + 4);
    const length = bytes.readUInt32LE(offset + 4);
    const data = offset + CHUNK_HEADER_LENGTH;
    if (type.startsWith('VP8') && type !== 'VP8X') {
      const frame = imageDimensionsFromData(
        Buffer.concat([header, bytes.subarray(offset, offset + FRAME_START)]),
      );
      if (!frame || frame.width > canvas.width || frame.height > canvas.height) return false;
    }
    // Chunks begin at even places; an animation's frame holds chunks of its own.
    offset = type === 'ANMF' ? data + ANIMATION_HEADER_LENGTH : data + length + (length % 2);
  }
  return true;
}
