import fc from 'fast-check';

const character = fc
  .oneof(
    fc.integer({ min: 0, max: 0x7f }),
    fc.integer({ min: 0x80, max: 0xd7ff }),
    fc.integer({ min: 0xe000, max: 0x10ffff }),
  )
  .map((code) => String.fromCodePoint(code));

/**
 * Any text without half surrogate pairs; its lengths are numbers of characters. `fc.string({ unit: 'binary' })` would first
 * make a map of all characters, which takes seconds in each process.
 */
export function anyText(lengths: fc.ArrayConstraints = {}): fc.Arbitrary<string> {
  return fc.array(character, lengths).map((characters) => characters.join(''));
}
