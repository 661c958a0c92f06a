import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDataUrl, parseLongDataUrl, readBase64 } from '../../src/base/data-url.ts';
import { BASE64_FORMS } from '../support/base64-forms.ts';

describe('readBase64', () => {
  it.each(BASE64_FORMS)('turns base64 %s into the plain form of the same bytes', (_how, write) => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        const plain = Buffer.from(bytes).toString('base64');
        const read = readBase64(write(plain))!;
        expect(read.base64).toBe(plain);
        expect([...read.bytes]).toEqual([...bytes]);
      }),
    );
  });

  it('drops trailing bits that belong to no byte', () => {
    expect(readBase64('QR==')?.base64).toBe('QQ==');
    expect(readBase64('QUF')?.base64).toBe('QUE=');
  });

  it.each(['A', 'AAAAA', 'AA=A', '=', '==', 'A===', 'AA===', '====', 'AB!=', 'ä', '%zz', 'AAA%'])(
    'returns undefined for %j',
    (text) => {
      expect(readBase64(text)).toBeUndefined();
    },
  );
});

describe('parseDataUrl', () => {
  it('returns a URL in the plain form unchanged', () => {
    const url = 'data:image/png;charset=x;base64,QUE=';
    expect(parseDataUrl(url)).toMatchObject({ url, mediaType: 'image/png', base64: 'QUE=' });
  });

  it('rewrites a URL with spaces and no padding into the plain form', () => {
    expect(parseDataUrl(' data:image/png ; base64 ,QU E')).toMatchObject({
      url: 'data:image/png;base64,QUE=',
      mediaType: 'image/png',
      base64: 'QUE=',
    });
  });

  it.each(['', 'data:', 'data:text/plain,QUE=', 'data:;base64', 'https://example.com/a;base64,QUE='])(
    'returns undefined for %j',
    (text) => {
      expect(parseDataUrl(text)).toBeUndefined();
    },
  );
});

describe('parseLongDataUrl', () => {
  /** Bytes of a few pieces. */
  const long = (size: number) => Buffer.alloc(size, 'some bytes of an image').toString('base64');

  it.each([
    ['plain base64', `data:image/png;base64,${long(600_000)}`],
    ['plain base64 with one padding character', `data:image/png;base64,${long(600_001)}`],
    ['plain base64 with two padding characters', `data:image/png;base64,${long(600_002)}`],
    ['a whole number of pieces', `data:image/png;base64,${long(393_216)}`],
    ['a short URL', 'data:image/png;base64,QUE='],
    ['base64 in lines', `data:image/png;base64,${long(600_000).replaceAll(/.{76}/g, '$&\n')}`],
    ['base64 in the alphabet of URLs', `data:image/png;base64,${long(600_000)}-_-_`],
    ['base64 with padding in the middle', `data:image/png;base64,${long(600_001)}${long(600_000)}`],
    ['base64 with an invalid character', `data:image/png;base64,${long(600_000)}AA!A${long(600_000)}`],
    ['base64 with trailing bits', `data:image/png;base64,${long(600_000)}QR==`],
    ['a URL without base64', `data:image/png,${long(600_000)}`],
    ['text that is not a data URL', long(600_000)],
  ])('reads a long URL in pieces like parseDataUrl: %s', async (_what, url) => {
    const whole = parseDataUrl(url);
    const inPieces = await parseLongDataUrl(url, async () => {});
    // What differs would fill pages.
    expect(inPieces?.url === whole?.url).toBe(true);
    expect(inPieces === undefined || inPieces.bytes.equals(whole!.bytes)).toBe(true);
  });

  it('yields to other work between the pieces', async () => {
    let turns = 0;
    await parseLongDataUrl(`data:image/png;base64,${long(2_000_000)}`, async () => void (turns += 1));
    expect(turns).toBeGreaterThan(5);
  });
});
