import type { Node } from 'jsonc-parser';

/** The way in which a JSON text is laid out. */
export interface Layout {
  /** False if everything is in one line. */
  readonly isInLines: boolean;
  readonly indent: string;
  readonly lineEnd: string;
  /** False if there is no space behind a colon or a comma. */
  readonly isSpaced: boolean;
}

/** Returns the layout of a text; an empty object gets several lines. */
export function layoutOf(text: string): Layout {
  const isInLines = text.trim().includes('\n') || /^\s*\{\s*\}\s*$/.test(text);
  const [, indent = '  '] = /\n([ \t]+)\S/.exec(text) ?? [];
  return {
    isInLines,
    indent: indent.startsWith('\t') ? '\t' : indent,
    lineEnd: text.includes('\r\n') ? '\r\n' : '\n',
    isSpaced: isInLines || /[:,] /.test(text),
  };
}

/** Writes a value that begins in a line with an indent. */
export function writeJson(value: unknown, layout: Layout, indent: string): string {
  if (!layout.isInLines) return writeInLine(value, layout.isSpaced);
  return JSON.stringify(value, null, layout.indent).replaceAll('\n', `${layout.lineEnd}${indent}`);
}

function writeInLine(value: unknown, isSpaced: boolean): string {
  const space = isSpaced ? ' ' : '';
  const put = (inner: unknown) => writeInLine(inner, isSpaced);
  if (Array.isArray(value)) return `[${value.map(put).join(`,${space}`)}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${space}${put(member)}`).join(`,${space}`)}}`;
}

/** Returns the white space that comes before the next member of an object or list that has some. */
export function findGap(text: string, { offset, children = [] }: Node, { isSpaced }: Layout): string {
  const last = children.at(-1)!;
  const before = children.at(-2);
  const start = before === undefined ? offset + 1 : before.offset + before.length;
  const gap = text.slice(start, last.offset).replace(/^\s*,/, '');
  // An empty line between two groups is not repeated.
  if (gap.includes('\n')) return /\r?\n[ \t]*$/.exec(gap)![0];
  if (before !== undefined) return gap.slice(0, 1);
  return isSpaced ? ' ' : '';
}
