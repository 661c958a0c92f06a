import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeCustomInput, encodeCustomInput } from '../../../src/openai/vocabulary/custom-input.ts';

it('decodes any input of a custom tool that it has encoded', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (input) => {
      expect(decodeCustomInput(encodeCustomInput(input))).toBe(input);
    }),
  );
});

it.each(['plain text', '{"other":"x"}', '{"input":5}', '[1', 'null'])(
  'returns the arguments %s unchanged',
  (args) => {
    expect(decodeCustomInput(args)).toBe(args);
  },
);
