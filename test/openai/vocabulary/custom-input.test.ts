import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeCustomInput, encodeCustomInput } from '../../../src/openai/vocabulary/custom-input.ts';
import { anyText } from '../../support/any-text.ts';

it('decodes any input of a custom tool that it has encoded', () => {
  fc.assert(
    fc.property(anyText(), (input) => {
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
