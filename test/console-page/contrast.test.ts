import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../support/documents.ts';

const TOKENS = readFileSync(join(ROOT, 'console/styles/tokens.css'), 'utf8');

/** Colors of the light and the dark look by name. */
const COLORS = new Map(
  [...TOKENS.matchAll(/--([\w-]+): light-dark\((#[\da-f]{6}), (#[\da-f]{6})\)/g)].map(
    ([, name, light, dark]) => [name!, { light: light!, dark: dark! }],
  ),
);

const GROUNDS = ['ground', 'surface', 'raised'];

/** Pairs of what is read and what lies behind it. */
const TEXTS = [
  ...['text', 'muted', 'accent', 'accent-strong', 'good', 'warning', 'bad'].flatMap((text) =>
    GROUNDS.map((ground) => [text, ground]),
  ),
  ...['accent', 'good', 'warning', 'bad'].map((name) => [name, `${name}-ground`]),
  ...['accent-ground', 'good-ground', 'warning-ground', 'bad-ground'].map((ground) => ['text', ground]),
  ['accent-text', 'accent'],
  ['accent-text', 'accent-strong'],
];

/** Pairs of a line or a mark, and what lies behind it. */
const MARKS = ['line-strong', 'chart-1', 'chart-2', 'chart-3', 'chart-4'].flatMap((mark) =>
  GROUNDS.map((ground) => [mark, ground]),
);

function contrastOf(one: string, other: string): number {
  const [dark, light] = [luminanceOf(one), luminanceOf(other)].toSorted((left, right) => left - right);
  return (light! + 0.05) / (dark! + 0.05);
}

/** The relative luminance of WCAG 2. */
function luminanceOf(color: string): number {
  const [red, green, blue] = [1, 3, 5].map((start) => {
    const share = Number.parseInt(color.slice(start, start + 2), 16) / 255;
    return share <= 0.040_45 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

describe.each(['light', 'dark'] as const)('in the %s look', (look) => {
  const contrast = ([one, other]: readonly string[]) =>
    contrastOf(COLORS.get(one!)![look], COLORS.get(other!)![look]);
  const weak = (pairs: readonly string[][], least: number) =>
    pairs
      .filter((pair) => contrast(pair) < least)
      .map((pair) => `${pair.join(' on ')}: ${contrast(pair).toFixed(2)}`);

  it('text can be read on each ground that it is put on', () => {
    expect(weak(TEXTS, 4.5)).toEqual([]);
  });

  it('lines and marks can be seen on each ground', () => {
    expect(weak(MARKS, 3)).toEqual([]);
  });
});

it('the contrast of black and white is 21', () => {
  expect(contrastOf('#000000', '#ffffff')).toBeCloseTo(21);
  expect(COLORS.size).toBeGreaterThan(20);
});

it('styles take their colors from the variables alone, which have a light and a dark value', () => {
  const styles = readdirSync(join(ROOT, 'console'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.css') && !path.endsWith('tokens.css'))
    .map((path) => ({ path, text: readFileSync(join(ROOT, 'console', path), 'utf8') }));
  const raw = /#[\da-f]{3,8}\b|\b(?:rgb|hsl|hwb|lab|lch|oklab|oklch)a?\(|:\s*(?:black|white)\b/gi;
  expect(styles.length).toBeGreaterThan(5);
  expect(
    styles.flatMap(({ path, text }) => [...text.matchAll(raw)].map(([color]) => `${path}: ${color}`)),
  ).toEqual([]);
});
