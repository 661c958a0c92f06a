import { crc32, deflateSync } from 'node:zlib';

/** Three by two pixels of each format. */
export const SMALL = {
  png: makePng(3, 2),
  jpeg: Buffer.from(
    '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAA0JCgsKCA0LCgsODg0PEyAVExISEyccHhcgLikxMC4pLSwzOko+MzZGNywtQFdBRkxOUlNSMj5a' +
      'YVpQYEpRUk//2wBDAQ4ODhMREyYVFSZPNS01T09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT0//wAAR' +
      'CAACAAMDASIAAhEBAxEB/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEG' +
      'E1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWG' +
      'h4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/8QAHwEAAwEBAQEB' +
      'AQEBAQAAAAAAAAECAwQFBgcICQoL/8QAtREAAgECBAQDBAcFBAQAAQJ3AAECAxEEBSExBhJBUQdhcRMiMoEIFEKRobHBCSMzUvAVYnLRChYk' +
      'NOEl8RcYGRomJygpKjU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6goOEhYaHiImKkpOUlZaXmJmaoqOkpaanqKmqsrO0' +
      'tba3uLm6wsPExcbHyMnK0tPU1dbX2Nna4uPk5ebn6Onq8vP09fb3+Pn6/9oADAMBAAIRAxEAPwDHuABIAAB8iHj/AHRRRRXAtj62l8C9D//Z',
    'base64',
  ),
  gif: Buffer.from('R0lGODdhAwACAIEAAAD/AMgeKAAAAAAAACwAAAAAAwACAAAICAADCAwAIEBAADs=', 'base64'),
  webp: Buffer.from('UklGRiIAAABXRUJQVlA4TBUAAAAvAkAAAA/wj/9BHpT5jzS84CCi/xEA', 'base64'),
} as const;

/** A black and white PNG of any size, a fraction of a bit per pixel; `extra` chunks come before its pixels. */
export function makePng(width: number, height: number, extra: readonly Buffer[] = []): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // One bit a pixel, grey.
  header[8] = 1;
  const pixels = deflateSync(Buffer.alloc((Math.ceil(width / 8) + 1) * height));
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    ...extra,
    chunk('IDAT', pixels),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** A PNG's colour profile that is `size` bytes long once it is inflated. */
export function colourProfile(size: number): Buffer {
  return chunk(
    'iCCP',
    Buffer.concat([Buffer.from('profile\0\0', 'latin1'), deflateSync(Buffer.alloc(size))]),
  );
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

/** A WebP whose canvas is as small as it says, with a frame of the given size in it, whole or as an animation. */
export function makeLyingWebp(width: number, height: number, animated: boolean, frames = 1): Buffer {
  const picture = webpFrame(width, height);
  const inner = animated ? webpChunk('ANMF', Buffer.concat([Buffer.alloc(16), picture])) : picture;
  return makeWebp(...Array.from({ length: frames }, () => inner));
}

/** The same, with a chunk before the frame that says it is as long as no file. */
export function makeJumpingWebp(width: number, height: number): Buffer {
  const endless = Buffer.from('4a554e4bffffff7f', 'hex');
  const animation = webpChunk('ANMF', Buffer.concat([Buffer.alloc(16), endless]));
  return makeWebp(animation, webpFrame(width, height));
}

/** The same, with the frame behind the length that the file tells of itself. */
export function makeWebpWithTail(width: number, height: number): Buffer {
  return Buffer.concat([makeWebp(), webpFrame(width, height)]);
}

function makeWebp(...chunks: readonly Buffer[]): Buffer {
  const canvas = webpChunk('VP8X', Buffer.alloc(10));
  return webpChunk('RIFF', Buffer.concat([Buffer.from('WEBP'), canvas, ...chunks]));
}

function webpFrame(width: number, height: number): Buffer {
  const frame = Buffer.alloc(10);
  frame.set([0x9d, 0x01, 0x2a], 3);
  frame.writeUInt16LE(width, 6);
  frame.writeUInt16LE(height, 8);
  return webpChunk('VP8 ', frame);
}

function webpChunk(type: string, data: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(data.length);
  return Buffer.concat([Buffer.from(type, 'latin1'), length, data]);
}

/** A GIF whose screen and whose frame are of different sizes. */
export function makeLyingGif(width: number, height: number, frameWidth: number, frameHeight: number): Buffer {
  const gif = Buffer.from(SMALL.gif);
  gif.writeUInt16LE(width, 6);
  gif.writeUInt16LE(height, 8);
  const frame = gif.indexOf(0x2c, 13);
  gif.writeUInt16LE(frameWidth, frame + 5);
  gif.writeUInt16LE(frameHeight, frame + 7);
  const comment = Buffer.from('21fe02686900', 'hex');
  return Buffer.concat([gif.subarray(0, frame), comment, gif.subarray(frame)]);
}

/** A JPEG with what some decoders take for its frame header, and others skip, before the true one. */
export function makeLyingJpeg(marker: readonly number[]): Buffer {
  const size = Buffer.from('000b080002000301011100', 'hex');
  return Buffer.concat([SMALL.jpeg.subarray(0, 2), Buffer.from(marker), size, SMALL.jpeg.subarray(2)]);
}

export function dataUrl(bytes: Buffer, type = 'png'): string {
  return `data:image/${type};base64,${bytes.toString('base64')}`;
}
