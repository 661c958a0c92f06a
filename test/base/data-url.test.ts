import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDataUrl, readBase64 } from '../../src/base/data-url.ts';
import { BASE64_FORMS } from '../support/base64-forms.ts';

describe('base64', () => {
  it.each(BASE64_FORMS)('%s comes to the plain form of the same bytes', (_how, write) => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        const plain = Buffer.from(bytes).toString('base64');
        const read = readBase64(write(plain))!;
        expect(read.base64).toBe(plain);
        expect([...read.bytes]).toEqual([...bytes]);
      }),
    );
  });

  it('loses the bits that belong to no byte', () => {
    expect(readBase64('QR==')?.base64).toBe('QQ==');
    expect(readBase64('QUF')?.base64).toBe('QUE=');
  });

  it.each(['A', 'AAAAA', 'AA=A', '=', '==', 'A===', 'AA===', '====', 'AB!=', 'ä', '%zz', 'AAA%'])(
    'is not what %j is',
    (text) => {
      expect(readBase64(text)).toBeUndefined();
    },
  );
});

describe('a data: URL', () => {
  it('in its plain form stays as it is', () => {
    const url = 'data:image/png;charset=x;base64,QUE=';
    expect(parseDataUrl(url)).toMatchObject({ url, mediaType: 'image/png', base64: 'QUE=' });
  });

  it('in another form gets the plain one', () => {
    expect(parseDataUrl(' data:image/png ; base64 ,QU E')).toMatchObject({
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
