import { isUtf8 } from 'node:buffer';
import { structuredPatch } from 'diff';

/** Maximum bytes of a file whose content is shown. */
export const SHOWN_BYTES = 512 * 1024;

/** Number of lines removed and added above which no shortest diff is looked for. */
const MAX_EDITS = 1_000;
const TIMEOUT_MS = 200;

const CONTEXT_LINES = 3;

/** One side of a diff. */
export interface DiffSide {
  /** Relative path. */
  readonly path: string;
  /** The mode as git writes it, such as 100644. */
  readonly mode: string;
  /** Undefined if the content is not known. */
  readonly content: Buffer | undefined;
}

export interface FileDiff {
  readonly text: string;
  readonly isBinary: boolean;
  readonly isTooLarge: boolean;
}

/** Returns the unified diff of a new file. */
export function formatCreation(after: DiffSide): FileDiff {
  return format({ after, head: [`new file mode ${after.mode}`] });
}

/** Returns the unified diff of a file that is removed. */
export function formatDeletion(before: DiffSide): FileDiff {
  return format({ before, head: [`deleted file mode ${before.mode}`] });
}

/** Returns the unified diff of a file that is edited or renamed, or both. */
export function formatEdit(before: DiffSide, after: DiffSide): FileDiff {
  return format({ before, after, head: headOfEdit(before, after) });
}

function headOfEdit(before: DiffSide, after: DiffSide): string[] {
  const head: string[] = [];
  if (before.mode !== after.mode) head.push(`old mode ${before.mode}`, `new mode ${after.mode}`);
  if (before.path !== after.path) {
    head.push(`rename from ${quote(before.path)}`, `rename to ${quote(after.path)}`);
  }
  return head;
}

/** Returns hunks that are known already below the names of the file. */
export function formatHunks(before: DiffSide, after: DiffSide, hunks: string): string {
  const names = [quote(`a/${before.path}`), quote(`b/${after.path}`)] as const;
  const head = [`diff --git ${names.join(' ')}`, ...headOfEdit(before, after)];
  const body = hunks.replace(/\n+$/, '');
  return `${[...head, ...(body === '' ? [] : [...nameLines(names), body])].join('\n')}\n`;
}

interface Sides {
  readonly before?: DiffSide;
  readonly after?: DiffSide;
  readonly head: readonly string[];
}

function format({ before, after, head }: Sides): FileDiff {
  const oldName = before === undefined ? '/dev/null' : quote(`a/${before.path}`);
  const newName = after === undefined ? '/dev/null' : quote(`b/${after.path}`);
  const { path } = (before ?? after)!;
  const first = `diff --git ${quote(`a/${path}`)} ${quote(`b/${after?.path ?? path}`)}`;
  const sides = [before, after].filter((side) => side !== undefined);
  const isTooLarge = sides.some(({ content }) => (content?.length ?? Infinity) > SHOWN_BYTES);
  const isBinary = !isTooLarge && sides.some(({ content }) => !isText(content!));
  let body: string[];
  if (isTooLarge) body = [`Files ${oldName} and ${newName} differ`];
  else if (isBinary) body = isSame(before, after) ? [] : [`Binary files ${oldName} and ${newName} differ`];
  else body = hunksOf([oldName, newName], textOf(before), textOf(after));
  return { text: `${[first, ...head, ...body].join('\n')}\n`, isBinary, isTooLarge };
}

function isSame(before: DiffSide | undefined, after: DiffSide | undefined): boolean {
  return (
    before?.content !== undefined && after?.content !== undefined && before.content.equals(after.content)
  );
}

function textOf(side: DiffSide | undefined): string {
  return side?.content?.toString() ?? '';
}

function isText(content: Buffer): boolean {
  return isUtf8(content) && !content.includes(0);
}

function hunksOf(names: readonly [string, string], before: string, after: string): string[] {
  if (before === after) return [];
  const options = { context: CONTEXT_LINES, maxEditLength: MAX_EDITS, timeout: TIMEOUT_MS };
  const patch = structuredPatch('', '', before, after, undefined, undefined, options);
  const hunks = patch === undefined ? replaceMiddle(before, after) : patch.hunks.flatMap(hunkLines);
  return [...nameLines(names), ...hunks];
}

/** Ends a name with blanks by a tab, as git does, so that it is known where it ends. */
function nameLines(names: readonly [string, string]): string[] {
  const [oldName, newName] = names.map((name) => (/^[^"].* /s.test(name) ? `${name}\t` : name));
  return [`--- ${oldName}`, `+++ ${newName}`];
}

interface Hunk {
  readonly oldStart: number;
  readonly oldLines: number;
  readonly newStart: number;
  readonly newLines: number;
  readonly lines: readonly string[];
}

function hunkLines({ oldStart, oldLines, newStart, newLines, lines }: Hunk): string[] {
  return [`@@ -${range(oldStart, oldLines)} +${range(newStart, newLines)} @@`, ...lines];
}

/** Formats a range of lines; an empty one is after the line that it names. */
function range(start: number, lines: number): string {
  return `${lines === 0 ? start - 1 : start},${lines}`;
}

/** Returns one hunk that replaces everything between the lines that both begin and end with. */
function replaceMiddle(before: string, after: string): string[] {
  const [one, other] = [splitLines(before), splitLines(after)];
  const shorter = Math.min(one.length, other.length);
  let start = 0;
  while (start < shorter && one[start] === other[start]) start += 1;
  let end = 0;
  while (end < shorter - start && one.at(-1 - end) === other.at(-1 - end)) end += 1;
  const [removed, added] = [one, other].map((lines) => lines.slice(start, lines.length - end)) as [
    string[],
    string[],
  ];
  const position = { oldStart: start + 1, newStart: start + 1 };
  const lines = [...removed.flatMap(markLine('-')), ...added.flatMap(markLine('+'))];
  return hunkLines({ ...position, oldLines: removed.length, newLines: added.length, lines });
}

function splitLines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function markLine(mark: string): (line: string) => string[] {
  return (line) =>
    line.endsWith('\n')
      ? [`${mark}${line.slice(0, -1)}`]
      : [`${mark}${line}`, '\\ No newline at end of file'];
}

const ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\t': '\\t', '"': '\\"', '\\': '\\\\' };

/** Quotes a name with characters that would break a line of the diff, as git does. */
function quote(name: string): string {
  const escaped = name.replaceAll(/[\p{Cc}"\\]/gu, (sign) => ESCAPES[sign] ?? octal(sign));
  return escaped === name ? name : `"${escaped}"`;
}

function octal(sign: string): string {
  return [...Buffer.from(sign)].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
}
