import * as zlib from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { decompress, decompressorFor } from '../../../src/http/body/decompress.ts';

const TEXT = 'a text that is long enough to be compressed, compressed, compressed';

async function* inPieces(bytes: Buffer, size = 7): AsyncGenerator<Buffer> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

async function read(coding: string, bytes: Buffer): Promise<string> {
  const pieces: Uint8Array[] = [];
  await decompress(inPieces(bytes), decompressorFor(coding)!, (piece) => void pieces.push(piece));
  return Buffer.concat(pieces).toString();
}

describe('a body with a Content-Encoding', () => {
  it.each([
    ['gzip', zlib.gzipSync(TEXT)],
    ['X-GZIP', zlib.gzipSync(TEXT)],
    ['br', zlib.brotliCompressSync(TEXT)],
    ['deflate', zlib.deflateSync(TEXT)],
    ['deflate', zlib.deflateRawSync(TEXT)],
    ['identity, gzip', zlib.gzipSync(TEXT)],
  ])('of %s is decompressed', async (coding, bytes) => {
    expect(await read(coding, bytes)).toBe(TEXT);
  });

  it('may be empty', async () => {
    expect(await read('gzip', Buffer.alloc(0))).toBe('');
  });

  it.each([
    ['corrupt', Buffer.from('no gzip at all')],
    ['cut short', zlib.gzipSync(TEXT).subarray(0, 30)],
  ])('that is %s is refused', async (_what, bytes) => {
    await expect(read('gzip', bytes)).rejects.toMatchObject({ code: 'invalid_json' });
  });

  it('is read no further than its reader wants', async () => {
    const tooMuch = new Error('too much');
    const reading = decompress(
      inPieces(zlib.gzipSync('x'.repeat(10_000_000))),
      decompressorFor('gzip')!,
      () => {
        throw tooMuch;
      },
    );
    await expect(reading).rejects.toBe(tooMuch);
  });
});

it.each(['', 'identity', ' Identity , '])('the Content-Encoding %j needs no decompressor', (header) => {
  expect(decompressorFor(header)).toBeUndefined();
});

it.each(['compress', 'gzip, br', 'toString'])('the Content-Encoding %j is refused', (header) => {
  expect(() => decompressorFor(header)).toThrow('is not supported');
});
