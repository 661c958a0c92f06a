import { expect, it } from 'vitest';
import { showable } from '../../src/base/excerpt.ts';

it.each([
  ['gpt-5.5', 'gpt-5.5'],
  ['two\nlines\u{202E}', 'two\u{FFFD}lines\u{FFFD}'],
  ['modèle 模型', 'modèle 模型'],
  ['x'.repeat(1000), `${'x'.repeat(100)}…`],
])('a foreign text is shown as one short line: %j', (text, shown) => {
  expect(showable(text)).toBe(shown);
});
