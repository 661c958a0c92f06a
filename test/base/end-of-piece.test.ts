import { describe, expect, it } from 'vitest';
import { endOfPiece } from '../../src/base/end-of-piece.ts';

describe('a piece of a text', () => {
  it.each([
    ['has as many characters as allowed', 'abcdef', 0, 2],
    ['begins anywhere', 'abcdef', 2, 4],
    ['ends with the text', 'abc', 2, 3],
    ['holds both halves of a surrogate pair', 'a😀b', 0, 3],
    ['may end with a lone surrogate', 'a\uD83Db', 0, 2],
  ])('%s', (_what, text, start, end) => {
    expect(endOfPiece(text, start, 2)).toBe(end);
  });
});
