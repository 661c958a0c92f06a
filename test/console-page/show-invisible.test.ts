import { expect, it } from 'vitest';
import { showInvisible, showName, showOutput } from '../../console/format/show-invisible.ts';

it('characters that hide or turn others are named, and all others stay', () => {
  expect(showInvisible('a\u202Eb\u200B\u0007\tc\nd ä 漢 😀')).toBe(
    'a<U+202E>b<U+200B><U+0007>\tc\nd ä 漢 😀',
  );
  expect(showName('a\nb')).toBe('a<U+000A>b');
});

it('the output of a command loses its colors, and lines that were written over', () => {
  expect(showOutput('\u001B[31mred\u001B[0m\r\n\u001B]0;title\u0007ok')).toBe('red\nok');
  expect(showOutput(' 10 %\r 90 %\r100 %\ndone')).toBe('100 %\ndone');
});
