import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanBase64, parseDataUrl } from '../../src/base/data-url.ts';
import { BASE64_FORMS } from '../support/base64-forms.ts';

describe('base64', () => {
  it.each(BASE64_FORMS)('%s comes to the plain form of the same bytes', (_how, write) => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        const plain = Buffer.from(bytes).toString('base64');
        expect(cleanBase64(write(plain))).toBe(plain);
      }),
    );
  });

  it('loses the bits that belong to no byte', () => {
    expect(cleanBase64('QR==')).toBe('QQ==');
    expect(cleanBase64('QUF')).toBe('QUE=');
  });

  it.each(['A', 'AAAAA', 'AA=A', 'A===', 'AA===', '====', 'AB!=', 'ä', '%zz', 'AAA%'])(
    'is not what %j is',
    (text) => {
      expect(cleanBase64(text)).toBeUndefined();
    },
  );

  it('is looked through once, however much padding is in it', () => {
    const short = '='.repeat(1000);
    expect(cleanBase64(`${short}x`)).toBeUndefined();
    expect(cleanBase64(`${'='.repeat(5_000_000)}x`)).toBeUndefined();
  });
});

describe('a data: URL', () => {
  it('in its plain form stays as it is', () => {
    const url = 'data:image/png;charset=x;base64,QUE=';
    expect(parseDataUrl(url)).toEqual({ url, mediaType: 'image/png', base64: 'QUE=' });
  });

  it('in another form gets the plain one', () => {
    expect(parseDataUrl(' data:image/png ; base64 ,QU E')).toEqual({
      url: 'data:image/png;base64,QUE=',
      mediaType: 'image/png',
      base64: 'QUE=',
    });
  });

  it.each(['', 'data:', 'data:text/plain,QUE=', 'data:;base64', 'https://example.com/a;base64,QUE='])(
    'of base64 is not what %j is',
    (text) => {
      expect(parseDataUrl(text)).toBeUndefined();
    },
  );
});
