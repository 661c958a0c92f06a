import { describe, expect, it } from 'vitest';
import { inspectImage } from '../../src/images/inspect-image.ts';
import { colourProfile, makeLyingWebp, makePng, SMALL } from '../support/images.ts';

it.each(Object.entries(SMALL))('a %s tells its size', (type, bytes) => {
  expect(inspectImage(bytes)).toEqual({ type, width: 3, height: 2 });
});

it.each([
  ['nothing', Buffer.alloc(0)],
  ['a text', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')],
  ['a BMP', Buffer.from('424d4e000000000000003600000028000000', 'hex')],
  ['an AVIF', Buffer.from('0000001c66747970617669660000000061766966', 'hex')],
  ['a header cut short', SMALL.png.subarray(0, 20)],
])('%s is none', (_name, bytes) => {
  expect(inspectImage(bytes)).toBeUndefined();
});

describe('what hides behind a small size', () => {
  it('a colour profile may be as large as they are', () => {
    expect(inspectImage(makePng(3, 2, [colourProfile(500_000)]))).toMatchObject({ width: 3 });
  });

  it.each([
    ['a colour profile of many megabytes', makePng(3, 2, [colourProfile(50_000_000)])],
    ['many colour profiles', makePng(3, 2, [colourProfile(100), colourProfile(100)])],
    ['a larger frame', makeLyingWebp(16_000, 16_000, false)],
    ['a larger frame of an animation', makeLyingWebp(16_000, 16_000, true)],
  ])('%s is refused', (_name, bytes) => {
    expect(inspectImage(bytes)).toBeUndefined();
  });

  it('a frame that fits is none of it', () => {
    expect(inspectImage(makeLyingWebp(1, 1, false))).toEqual({ type: 'webp', width: 1, height: 1 });
    expect(inspectImage(makeLyingWebp(1, 1, true))).toEqual({ type: 'webp', width: 1, height: 1 });
  });

  it('a broken colour profile is left to Codex', () => {
    const broken = makePng(3, 2, [colourProfile(10)]);
    broken.fill(0xff, 8 + 25 + 8 + 9, 8 + 25 + 8 + 12);
    expect(inspectImage(broken)).toMatchObject({ width: 3 });
  });

  it('a chunk that says it is endless ends the search', () => {
    const endless = Buffer.concat([SMALL.png.subarray(0, 33), Buffer.from('ffffffff7458747400', 'hex')]);
    expect(inspectImage(endless)).toMatchObject({ width: 3 });
  });
});
