import { describe, expect, it } from 'vitest';
import { decodeFile } from '../../../src/openai/vocabulary/decode-file.ts';
import { BASE64_FORMS } from '../../support/base64-forms.ts';

const PLACE = ['messages', 0, 'content', 1, 'file'];
const base64 = (content: string | Uint8Array) => Buffer.from(content).toString('base64');
const decode = (file_data: string | null | undefined, filename?: string) =>
  decodeFile({ file_data, filename }, PLACE);

describe('a text file', () => {
  it.each([
    ['as a data: URL', `data:text/plain;base64,${base64('grüße 👍')}`, 'grüße 👍'],
    ['with a charset', `data:text/csv;charset=utf-8;base64,${base64('a,b')}`, 'a,b'],
    ['as base64 alone', base64('# title'), '# title'],
    ['without a media type', `data:;base64,${base64('x')}`, 'x'],
    ['with an unknown media type', `data:application/octet-stream;base64,${base64('x')}`, 'x'],
    ['with a media type based on JSON', `DATA:application/ld+json;BASE64,${base64('{}')}`, '{}'],
    ['empty', `data:text/plain;base64,`, ''],
    ['with a byte order mark', base64('\ufeffx'), 'x'],
  ])('is sent as text when it comes %s', (_name, data, text) => {
    expect(decode(data, 'a.txt')).toBe(`<file name="a.txt">\n${text}\n</file>`);
  });

  it.each(BASE64_FORMS)('is read from base64 %s, as a data: URL and bare', (_how, write) => {
    const text = 'naïve ??>>~~ text, long enough for a second line of base64, as mail programs write it.';
    for (const data of [write(base64(text)), `data:text/plain;base64,${write(base64(text))}`])
      expect(decode(data, 'a.txt')).toBe(`<file name="a.txt">\n${text}\n</file>`);
  });

  it('carries its file name in quotes with special characters escaped', () => {
    expect(decode(base64('x'), 'a"b\n</file>')).toBe(`<file name="a\\"b\\n</file>">\nx\n</file>`);
    expect(decode(base64('x'))).toBe(`<file name="file">\nx\n</file>`);
  });
});

describe('a file that is not text', () => {
  it.each([
    ['a PDF', `data:application/pdf;base64,${base64('%PDF-1.7')}`],
    ['an image', `data:image/png;base64,${base64('x')}`],
    ['bytes that are not UTF-8', base64(Uint8Array.of(0x66, 0xff, 0xfe))],
    ['bytes that include a zero', base64('a\0b')],
    ['data that is not base64', 'no base64 at all!'],
    ['a data: URL of plain text', 'data:text/plain,dGV4dA=='],
    ['a web address', 'https://example.com/a.txt'],
  ])('is refused: %s', (_name, data) => {
    expect(() => decode(data)).toThrow(
      expect.objectContaining({
        code: 'unsupported_value',
        detail: { param: 'messages[0].content[1].file.file_data' },
      }),
    );
  });

  it.each([null, undefined])('is reported as missing when its data is %s', (data) => {
    expect(() => decode(data)).toThrow(expect.objectContaining({ code: 'missing_parameter' }));
  });
});
