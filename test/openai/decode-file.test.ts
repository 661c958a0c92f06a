import { describe, expect, it } from 'vitest';
import { decodeFile } from '../../src/openai/decode-file.ts';
import { BASE64_FORMS } from '../support/base64-forms.ts';

const PLACE = ['messages', 0, 'content', 1, 'file'];
const base64 = (content: string | Uint8Array) => Buffer.from(content).toString('base64');
const decode = (file_data: string | null | undefined, filename?: string) =>
  decodeFile({ file_data, filename }, PLACE);

describe('a text file', () => {
  it.each([
    ['as a data: URL', `data:text/plain;base64,${base64('grüße 👍')}`, 'grüße 👍'],
    ['with a charset', `data:text/csv;charset=utf-8;base64,${base64('a,b')}`, 'a,b'],
    ['as base64 alone', base64('# title'), '# title'],
    ['of no kind', `data:;base64,${base64('x')}`, 'x'],
    ['of an unknown kind', `data:application/octet-stream;base64,${base64('x')}`, 'x'],
    ['of JSON by another name', `DATA:application/ld+json;BASE64,${base64('{}')}`, '{}'],
    ['that is empty', `data:text/plain;base64,`, ''],
    ['with a byte order mark', base64('\ufeffx'), 'x'],
  ])('%s is told as its text', (_name, data, text) => {
    expect(decode(data, 'a.txt')).toBe(`<file name="a.txt">\n${text}\n</file>`);
  });

  it.each(BASE64_FORMS)('with base64 %s is read, as a URL and alone', (_how, write) => {
    const text = 'naïve ??>>~~ text, long enough for a second line of base64, as mail programs write it.';
    for (const data of [write(base64(text)), `data:text/plain;base64,${write(base64(text))}`])
      expect(decode(data, 'a.txt')).toBe(`<file name="a.txt">\n${text}\n</file>`);
  });

  it('has its name within quotes, whatever the name is', () => {
    expect(decode(base64('x'), 'a"b\n</file>')).toBe(`<file name="a\\"b\\n</file>">\nx\n</file>`);
    expect(decode(base64('x'))).toBe(`<file name="file">\nx\n</file>`);
  });
});

describe('what is no text file', () => {
  it.each([
    ['a PDF', `data:application/pdf;base64,${base64('%PDF-1.7')}`],
    ['an image', `data:image/png;base64,${base64('x')}`],
    ['bytes that are no UTF-8', base64(Uint8Array.of(0x66, 0xff, 0xfe))],
    ['bytes with a zero', base64('a\0b')],
    ['no base64', 'no base64 at all!'],
    ['a data: URL of plain text', 'data:text/plain,dGV4dA=='],
    ['a web address', 'https://example.com/a.txt'],
  ])('%s is refused', (_name, data) => {
    expect(() => decode(data)).toThrow(
      expect.objectContaining({
        code: 'unsupported_value',
        detail: { param: 'messages[0].content[1].file.file_data' },
      }),
    );
  });

  it.each([null, undefined])('%s is missed', (data) => {
    expect(() => decode(data)).toThrow(expect.objectContaining({ code: 'missing_parameter' }));
  });
});
