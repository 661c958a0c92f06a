import { describe, expect, it } from 'vitest';
import { checkBody, checkCharset, parseBody } from '../../../src/openai/request/parse-body.ts';
import { refusalOf } from '../../support/decode-response.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const refusal = (text: string) => refusalOf(() => parseBody(bytes(text), 'utf-8'));

describe('a charset', () => {
  it.each([
    ['', 'utf-8'],
    ['UTF8', 'utf-8'],
    ['us-ascii', 'utf-8'],
    ['utf-16', 'utf-16le'],
    ['latin1', 'windows-1252'],
  ])('of the name "%s" is %s', (name, charset) => {
    expect(checkCharset(name)).toBe(charset);
  });

  it('of an unknown name is refused', () => {
    expect(refusalOf(() => checkCharset('klingon')).code).toBe('unsupported_encoding');
  });
});

describe('parsing a body', () => {
  it('returns its value, in any supported charset', () => {
    expect(parseBody(bytes('{"a":["ä"]}'), 'utf-8')).toEqual({ a: ['ä'] });
    expect(parseBody(Uint8Array.from([0x22, 0xe4, 0x22]), 'windows-1252')).toBe('ä');
  });

  it('takes an empty body for an empty object', () => {
    expect(parseBody(bytes(''), 'utf-8')).toEqual({});
  });

  it.each(['{', '{"a":1,}', 'nonsense'])('refuses the malformed JSON %s', (text) => {
    expect(refusal(text).code).toBe('invalid_json');
  });

  it('refuses invalid UTF-8', () => {
    expect(refusalOf(() => checkBody(Uint8Array.from([0x22, 0xff, 0x22]))).message).toContain(
      'not valid UTF-8',
    );
  });
});

describe('a body with too many values', () => {
  const list = (count: number, entry: string) => `[${Array.from({ length: count }, () => entry).join(',')}]`;

  it.each([
    ['values', `{"model":"m","input":${list(250_001, '1')}}`],
    ['objects and lists', `{"model":"m","input":${list(25_001, '[]')}}`],
    ['keys', `{"model":"m","input":${list(20_001, '{"a":1,"b":2,"c":3}')}}`],
  ])('is refused with the number of %s and the field', (count, text) => {
    const { code, param, message } = refusal(text);
    expect([code, param]).toEqual(['invalid_value', 'input']);
    expect(message).toContain(`too many ${count}: expected at most`);
    expect(message).toContain("in the field 'input'");
  });

  it('is refused for too many keys of one object', () => {
    const keys = Array.from({ length: 10_001 }, (_, index) => `"k${index}":1`).join(',');
    expect(refusal(`{"a":{${keys}}}`)).toMatchObject({ param: 'a' });
    expect(refusal(`{${keys}}`)).toMatchObject({ param: undefined });
  });

  it('is not confused by what its strings hold', () => {
    const text = JSON.stringify({ a: ','.repeat(300_000), b: '\\"[{:'.repeat(60_000) });
    expect(parseBody(bytes(text), 'utf-8')).toEqual(JSON.parse(text));
  });
});
