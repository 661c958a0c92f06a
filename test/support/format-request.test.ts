import { describe, expect, it } from 'vitest';
import { formatRequest } from './format-request.ts';
import type { UpstreamRequest } from './upstream.ts';

const ID = '01a2291b-23b8-7ac1-a804-0e3d70f79619';
const OTHER = '01a2291b-23ea-7c73-a8c8-525d31c0ac89';
const HEX = 'e16a6aa4fb634ecea10b71158602efe1';

/** A request with the given text as its input. */
function format(input: string, { known = '', metadata = '{}', headers = {} } = {}) {
  const text = `{"model":"m","input":${input},"prompt_cache_key":"k","client_metadata":${metadata}}`;
  const body = JSON.parse(text) as UpstreamRequest['body'];
  const aborted = Promise.resolve();
  return formatRequest({ text, body, headers, bytes: text.length, aborted }, known);
}

const DIFFERENT: readonly (readonly [string, string])[] = [
  ['1.0', '1'],
  ['1e2', '100'],
  ['"é"', String.raw`"\u00e9"`],
  ['"/"', String.raw`"\/"`],
  ['"a b"', '"a  b"'],
  ['"\u2028"', '" "'],
  ['{"a":1,"b":2}', '{"b":2,"a":1}'],
  ['[]', '{}'],
  ['[[],1]', '[[1]]'],
  [`"${HEX}0"`, `"${HEX}1"`],
];

describe('the text of a request', () => {
  it.each(DIFFERENT)('distinguishes %s from %s', (one, other) => {
    expect(format(one).body).not.toBe(format(other).body);
  });

  it('is the body itself, except for line breaks and indentation', () => {
    const input = `[${Array.from({ length: 40 }, (_, index) => `{"a":"${index} {[\\"","b":[null]}`).join(',')}]`;
    const { body } = format(input);
    expect(
      body
        .split('\n')
        .map((line) => line.trimStart())
        .join(''),
    ).toBe(`{"model":"m","input":${input},"prompt_cache_key":"k","client_metadata":"<in envelope.json>"}`);
  });

  it('cannot hide blanks between tokens', () => {
    expect(() => format('[1, 2]')).toThrow('unexpected text:  2]');
  });

  it('has numbers for random ids, the same one for equal ids', () => {
    expect(format(`["${ID}","${HEX}","x_${ID}"]`).body).toContain('["<1>","<2>","x_<1>"]');
  });

  it('keeps ids that the client sent', () => {
    expect(format(`["${ID}","${HEX}"]`, { known: `x${ID}` }).body).toContain(`["${ID}","<1>"]`);
  });
});

describe('the envelope of a request', () => {
  const metadata = (sandbox: string, model = 'm') => JSON.stringify({ sandbox, at_unix_ms: 5, model });

  it('is the same in any order of its members, on any system, for any model', () => {
    const one = format('1', { metadata: `{"a":"${ID}","b":${JSON.stringify(metadata('seccomp'))}}` });
    const other = format('1', { metadata: `{"b":${JSON.stringify(metadata('none'))},"a":"${OTHER}"}` });
    expect(one.envelope).toBe(other.envelope);
    expect(one.envelope).toContain('<model and effort of the body>');
  });

  it('differs where the metadata names another model than the body, or a header differs', () => {
    const wrong = format('1', { metadata: `{"b":${JSON.stringify(metadata('none', 'x'))}}` });
    const right = format('1', { metadata: `{"b":${JSON.stringify(metadata('none'))}}` });
    expect(wrong.envelope).not.toBe(right.envelope);
    expect(format('1', { headers: { originator: 'a' } }).envelope).toContain('"originator":"a"');
    expect(format('1', { headers: { 'user-agent': 'a/1.2' } }).envelope).not.toContain('1.2');
  });
});
