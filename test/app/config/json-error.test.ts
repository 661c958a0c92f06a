import fc from 'fast-check';
import { expect, it } from 'vitest';
import { findJsonError } from '../../../src/app/config/json-error.ts';

it.each([
  ['', 1, 1, 'the text ends too early'],
  ['{"a": 1', 1, 8, 'the text ends too early'],
  ['{"a": 1,}', 1, 9, "remove the ',' before this '}'"],
  ['{\n  "a": [1, 2\n  "b": 3\n}', 3, 3, "a ',' or ']' is expected"],
  ['{\n  a: 1\n}', 2, 3, 'a key in double quotes is expected'],
  ['{"a": \'b\'}', 1, 7, 'texts are in double quotes'],
  ['{"a": "b\n"}', 1, 7, 'this text has no closing quote, or a bad escape'],
  ['{"a" 1}', 1, 6, "a ':' is expected after the key"],
  ['{"a": 01}', 1, 7, 'a value is expected'],
  ['{ // no\n"a": 1}', 1, 3, 'JSON has no comments'],
  ['{} {}', 1, 4, 'nothing may follow the object'],
])('findJsonError finds the place of the mistake in %j', (text, line, column, why) => {
  expect(findJsonError(text)).toEqual({ line, column, why });
});

it('findJsonError finds no mistake in valid JSON', () => {
  fc.assert(
    fc.property(fc.json(), fc.constantFrom(undefined, 2), (text, indent) => {
      const written = JSON.stringify(JSON.parse(text), null, indent);
      expect(findJsonError(written).why).toBe('it is not JSON');
    }),
  );
});

it('findJsonError finds a mistake in any text that Node refuses', () => {
  fc.assert(
    fc.property(
      fc.json(),
      fc.nat(),
      fc.constantFrom('', ',', '}', '"', 'x', '\n', '1'),
      (text, place, mark) => {
        const at = place % (text.length + 1);
        const broken = text.slice(0, at) + mark + text.slice(at + 1);
        try {
          JSON.parse(broken);
        } catch {
          expect(findJsonError(broken).why).not.toBe('it is not JSON');
        }
      },
    ),
  );
});
