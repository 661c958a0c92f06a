import { describe, expect, it } from 'vitest';
import { inspectImage } from '../../src/images/inspect-image.ts';
import {
  colourProfile,
  makeJumpingWebp,
  makeLyingGif,
  makeLyingJpeg,
  makeLyingWebp,
  makePng,
  makeWebpWithTail,
  SMALL,
} from '../support/images.ts';

/** The height follows the length and the precision in the frame header. */
function noHeight(): Buffer {
  const jpeg = Buffer.from(SMALL.jpeg);
  jpeg.writeUInt16BE(0, jpeg.indexOf(Buffer.from([0xff, 0xc0])) + 5);
  return jpeg;
}

it.each(Object.entries(SMALL))('reads the size of a %s', (type, bytes) => {
  expect(inspectImage(bytes)).toEqual({ type, width: 3, height: 2 });
});

it.each([
  ['an empty file', Buffer.alloc(0)],
  ['a text', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')],
  ['a BMP', Buffer.from('424d4e000000000000003600000028000000', 'hex')],
  ['an AVIF', Buffer.from('0000001c66747970617669660000000061766966', 'hex')],
  ['a header cut short', SMALL.png.subarray(0, 20)],
])('returns undefined for %s', (_name, bytes) => {
  expect(inspectImage(bytes)).toBeUndefined();
});

it('reads a JPEG with comments, application data and fill bytes before its frame', () => {
  const comment = Buffer.from([0xff, 0xff, 0xfe, 0, 4, 0x68, 0x69]);
  const jpeg = Buffer.concat([SMALL.jpeg.subarray(0, 2), comment, SMALL.jpeg.subarray(2)]);
  expect(inspectImage(jpeg)).toEqual({ type: 'jpeg', width: 3, height: 2 });
});

it('reads a WebP with trailing garbage', () => {
  const webp = Buffer.concat([SMALL.webp, Buffer.alloc(20, 'x')]);
  expect(inspectImage(webp)).toEqual({ type: 'webp', width: 3, height: 2 });
});

it('reads a GIF with a comment before its frame', () => {
  expect(inspectImage(makeLyingGif(3, 2, 3, 2))).toEqual({ type: 'gif', width: 3, height: 2 });
});

it.each([
  [
    'an endless AVIF',
    Buffer.concat([Buffer.from('0000001c6674797061766966', 'hex'), Buffer.alloc(5_000_000, 'avif')]),
  ],
  ['a WebP with a million chunks', manyChunks()],
])('refuses %s', (_name, bytes) => {
  expect(inspectImage(bytes)).toBeUndefined();
});

function manyChunks(): Buffer {
  const start = makeLyingWebp(1, 1, false).subarray(0, 30);
  return Buffer.concat([start, Buffer.alloc(8_000_000, Buffer.from('JUNK\0\0\0\0', 'latin1'))]);
}

describe('the check for content larger than the declared size', () => {
  it('accepts a colour profile of 500,000 bytes', () => {
    expect(inspectImage(makePng(3, 2, [colourProfile(500_000)]))).toMatchObject({ width: 3 });
  });

  it.each([
    ['a colour profile of many megabytes', makePng(3, 2, [colourProfile(50_000_000)])],
    ['many colour profiles', makePng(3, 2, [colourProfile(100), colourProfile(100)])],
    ['a larger frame', makeLyingWebp(16_000, 16_000, false)],
    ['a larger frame of an animation', makeLyingWebp(16_000, 16_000, true)],
    ['a larger frame behind a chunk with an overlong length', makeJumpingWebp(16_000, 16_000)],
    ['two frames', makeLyingWebp(1, 1, false, 2)],
    ['a larger frame behind the declared end of the file', makeWebpWithTail(16_000, 16_000)],
    ['a GIF frame that exceeds the screen', makeLyingGif(3, 2, 11_000, 11_000)],
    ['a JPEG frame behind a marker that decoders skip', makeLyingJpeg([0xff, 0xc5])],
    ['a JPEG frame behind a marker without length', makeLyingJpeg([0xff, 0x01])],
    ['a JPEG frame behind a stuffed byte', makeLyingJpeg([0xff, 0x00])],
    ['a JPEG frame behind an arithmetic-coded frame', makeLyingJpeg([0xff, 0xcf])],
    ['a JPEG of height zero', noHeight()],
  ])('refuses %s', (_name, bytes) => {
    expect(inspectImage(bytes)).toBeUndefined();
  });

  it('accepts a frame that fits', () => {
    expect(inspectImage(makeLyingWebp(1, 1, false))).toEqual({ type: 'webp', width: 1, height: 1 });
    expect(inspectImage(makeLyingWebp(1, 1, true))).toEqual({ type: 'webp', width: 1, height: 1 });
  });

  it('accepts a broken colour profile', () => {
    const broken = makePng(3, 2, [colourProfile(10)]);
    broken.fill(0xff, 8 + 25 + 8 + 9, 8 + 25 + 8 + 12);
    expect(inspectImage(broken)).toMatchObject({ width: 3 });
  });

  it('accepts an image in which a chunk declares an overlong length', () => {
    const endless = Buffer.concat([SMALL.png.subarray(0, 33), Buffer.from('ffffffff7458747400', 'hex')]);
    expect(inspectImage(endless)).toMatchObject({ width: 3 });
  });
});
