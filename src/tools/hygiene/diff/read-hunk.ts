import type { LineCursor } from './line-cursor.ts';

/** A hunk while its lines are read. */
export interface Hunk {
  /** Columns before the text of a line: one for each version from which a combined diff leads to the new one. */
  readonly columns: number;
  /** Number of the line of the new file that comes next. */
  line: number;
  /** Lines of both versions that the header promises and that have not come yet. */
  linesBefore: number;
  linesAfter: number;
}

/** Line numbers are held to this: a header may name any. */
const MAX_LINE = 2 ** 40;

/** Reads a header such as `@@ -1,2 +1,3 @@`, or `@@@ -1,2 -1,2 +1,3 @@@` of a combined diff; returns undefined for anything else. */
export function readHunkHeader(text: string): Hunk | undefined {
  if (!text.startsWith('@@')) return undefined;
  const [, marks = '', ranges = ''] = /^(@{2,20}) ((?:[-+]\d+(?:,\d+)? ){2,20})@@/.exec(text) ?? [];
  const numbers = Array.from(ranges.matchAll(/\S+/g), ([range]) => readRange(range));
  const [before, after] = [numbers[0], numbers.at(-1)];
  if (before === undefined || after?.isNew !== true || numbers.length !== marks.length) return undefined;
  return {
    columns: marks.length - 1,
    line: Math.max(1, after.start),
    linesBefore: before.count,
    linesAfter: after.count,
  };
}

function readRange(range: string): { isNew: boolean; start: number; count: number } {
  const [start = '', count = '1'] = range.slice(1).split(',');
  return { isNew: range.startsWith('+'), start: bounded(start), count: bounded(count) };
}

function bounded(digits: string): number {
  return Math.min(Number(digits), MAX_LINE);
}

/**
 * Returns true if the next line belongs to a hunk, also to one that has more or fewer lines than its header promises: a
 * header cannot hide lines.
 */
export function belongsToHunk(hunk: Hunk, cursor: LineCursor): boolean {
  const line = cursor.next ?? '';
  if (hunk.columns > 1) return line.startsWith('\\') || /^[-+ ]+$/.test(line.slice(0, hunk.columns));
  const isComplete = hunk.linesBefore <= 0 && hunk.linesAfter <= 0;
  if (line === '' || line === '\r') return !isComplete;
  return /^[-+ \\]/.test(line) && (needsTwoLines(hunk, line) || !beginsFile(cursor, isComplete));
}

/** Returns true for the first of two lines that look like the headers of another file, and that a hunk still needs. */
function needsTwoLines({ linesBefore, linesAfter }: Hunk, line: string): boolean {
  return linesBefore === 1 && linesAfter === 1 && line.startsWith('--- ');
}

/** Returns true if the next lines look like the headers of another file. */
function beginsFile(cursor: LineCursor, isComplete: boolean): boolean {
  const line = cursor.next ?? '';
  if (line.startsWith('--- ')) {
    return cursor.peek(1)?.startsWith('+++ ') === true && (isComplete || isHunk(cursor.peek(2)));
  }
  return isComplete && line.startsWith('+++ ') && isHunk(cursor.peek(1));
}

function isHunk(line: string | undefined): boolean {
  return line?.startsWith('@@ -') === true;
}
