import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runCount } from '../../../support/run-count.ts';
import { scanJson } from '../../../../src/upstream/copilot/request/scan-json.ts';

/** Runs a scan to its end; returns the answer and the number of pauses it offers. */
function scan(body: Buffer): { isJson: boolean; pauses: number } {
  const steps = scanJson(body, {});
  for (let pauses = 0; ; pauses += 1) {
    const step = steps.next();
    if (step.done) return { isJson: step.value, pauses };
  }
}

/** Bytes beyond ASCII are one character each, so that a body need not be UTF-8. */
function isParsable(body: Buffer): boolean {
  try {
    JSON.parse(body.toString('latin1'));
    return true;
  } catch {
    return false;
  }
}

const fragments = fc.constantFrom(
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '"',
  '"a"',
  '""',
  '\\',
  '\\"',
  '\\u00e9',
  '\\u12',
  '\\x',
  'ü',
  '\u0001',
  ' ',
  '\n',
  '\t',
  '\r',
  '\f',
  '-',
  '0',
  '1',
  '01',
  '.',
  '.5',
  'e',
  'E+',
  '1e9',
  '-0.5E-3',
  'true',
  'false',
  'null',
  'nul',
  'truee',
  'NaN',
);

describe('the scanner of JSON', () => {
  it('accepts every JSON document', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(scan(Buffer.from(text)).isJson).toBe(true);
      }),
    );
  });

  it('refuses and accepts the same as JSON.parse', () => {
    fc.assert(
      fc.property(fc.array(fragments, { maxLength: 12 }), (parts) => {
        const body = Buffer.from(parts.join(''));
        expect(scan(body).isJson).toBe(isParsable(body));
      }),
      runCount(500),
    );
  });

  it('refuses and accepts the same as JSON.parse if a document is cut, or one of its bytes is another', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), fc.integer({ min: 0, max: 255 }), (text, position, byte) => {
        const body = Buffer.from(text);
        const cut = body.subarray(0, position % body.length);
        expect(scan(cut).isJson).toBe(isParsable(cut));
        body[position % body.length] = byte;
        expect(scan(body).isJson).toBe(isParsable(body));
      }),
      runCount(300),
    );
  });

  it.each([
    ['very many arrays in one another', '['.repeat(3e5) + ']'.repeat(3e5), true],
    ['very many objects in one another', '{"a":'.repeat(2e5) + '1' + '}'.repeat(2e5), true],
    ['arrays that are never closed', '['.repeat(3e5), false],
    ['a long string', `"${'x'.repeat(2e6)}"`, true],
    ['a long string that is never closed', `"${'x'.repeat(2e6)}`, false],
    ['a long number', '1'.repeat(1e6), true],
    ['long white space', `${' '.repeat(5e5)}1${' '.repeat(5e5)}`, true],
    ['white space alone', ' '.repeat(5e5), false],
    ['nothing', '', false],
    ['a byte order mark', '\uFEFF{}', false],
  ])('offers pauses in %s', (_name, text, isJson) => {
    const found = scan(Buffer.from(text));
    expect(found.isJson).toBe(isJson);
    expect(found.pauses).toBeGreaterThanOrEqual(Math.floor(text.length / 65_536));
  });

  it('tolerates bytes in strings that are not UTF-8', () => {
    expect(scan(Buffer.from([0x22, 0xff, 0xc3, 0x28, 0x22])).isJson).toBe(true);
  });
});
