import {
  NO_FILE,
  pathOfHeaders,
  pathOfPair,
  readGitNames,
  readHeaderName,
  type NamePair,
} from './file-names.ts';
import { createLineCursor, type LineCursor } from './line-cursor.ts';
import { belongsToHunk, readHunkHeader, type Hunk } from './read-hunk.ts';

/** A file of a diff, as far as it has been read. */
export interface DiffFile {
  /** Path in the new version, or in the old one for a file that was removed. */
  readonly path: string;
  readonly isNew: boolean;
  readonly isRemoved: boolean;
  readonly isBinary: boolean;
  /** Bytes of a binary patch. */
  readonly binaryBytes: number;
  /** False for the text before the first file of a diff. */
  readonly hasHeader: boolean;
  readonly hasHunks: boolean;
}

/** A line that a diff adds, or the end of a file of it. */
export type DiffPart =
  | {
      readonly kind: 'added';
      readonly file: DiffFile;
      readonly text: string;
      /** Number of the line in the new file; undefined in a diff without hunk headers. */
      readonly line: number | undefined;
      /** True if the file ends with this line, without a line feed. */
      readonly isUnterminated: boolean;
    }
  | { readonly kind: 'end'; readonly file: DiffFile };

interface OpenFile extends DiffFile {
  path: string;
  isNew: boolean;
  isRemoved: boolean;
  isBinary: boolean;
  binaryBytes: number;
  /** Path by `diff --git`, `rename to` or `copy to`. */
  known: string | undefined;
  before: string | undefined;
  hasHeader: boolean;
  hasNames: boolean;
  hasHunks: boolean;
  /** True if the diff itself was changed to lines that end with CR and LF. */
  hasReturns: boolean;
}

/** Lines without a part, after which the reader pauses. */
const PAUSE_LINES = 500;

/**
 * Reads a unified diff of git or of another program, part by part, and passes over everything in it that is not a diff. Now and then
 * it yields undefined, so that a diff without parts can be read in slices as well.
 */
export function* readDiff(text: string): Generator<DiffPart | undefined, void, undefined> {
  const cursor = createLineCursor(text);
  const isBare = !/^@@/m.test(text);
  // Lines before the first header belong to no file.
  let file = openFile();
  for (let count = 1; cursor.next !== undefined; count += 1) {
    if (count % PAUSE_LINES === 0) yield undefined;
    const line = cursor.next;
    const isFirst = beginsFile(cursor, file);
    const hunk = readHunkHeader(line);
    cursor.advance();
    if (isFirst) {
      yield { kind: 'end', file };
      file = openFirst(line);
    } else if (hunk !== undefined) yield* readHunk(cursor, hunk, file, line);
    else if (isAddition(line) && (isBare || lacksHunks(file)))
      yield addedLine(line.slice(1), file, undefined, false);
    else readHeader(line, file);
  }
  yield { kind: 'end', file };
}

function isAddition(line: string): boolean {
  return line.startsWith('+') && !isName(line);
}

/** Returns true after the names of a file, where a hunk would begin. */
function lacksHunks({ hasNames, hasHunks }: OpenFile): boolean {
  return hasNames && !hasHunks;
}

function openFile(): OpenFile {
  return {
    path: '',
    isNew: false,
    isRemoved: false,
    isBinary: false,
    binaryBytes: 0,
    known: undefined,
    before: undefined,
    hasHeader: false,
    hasNames: false,
    hasHunks: false,
    hasReturns: false,
  };
}

function isName(line: string): boolean {
  return line.startsWith('+++ ');
}

function beginsFile(cursor: LineCursor, file: OpenFile): boolean {
  const line = cursor.next ?? '';
  if (line.startsWith('diff -')) return true;
  if (BINARY_FILES.test(line)) return isOver(file) || file.isBinary;
  const hasName = isName(line) || (line.startsWith('--- ') && isName(cursor.peek(1) ?? ''));
  return hasName && isOver(file);
}

/** Returns true if names that come next are those of another file. */
function isOver({ hasHeader, hasNames, hasHunks }: OpenFile): boolean {
  return !hasHeader || hasNames || hasHunks;
}

const BINARY_FILES = /^Binary files .{1,16384} differ\r?$/;

function openFirst(line: string): OpenFile {
  const file = openFile();
  file.hasHeader = true;
  const [, kind, names = ''] = /^diff --(git|cc|combined) ([^\r]*)/.exec(line) ?? [];
  if (kind === undefined) readHeader(line, file);
  else {
    const pair = kind === 'git' ? readGitNames(names) : samePair(readHeaderName(names));
    file.known = pair && pathOfPair(pair);
    file.path = file.known ?? pair?.after ?? '';
  }
  return file;
}

function samePair(name: string): NamePair {
  return { before: name, after: name };
}

/** Reads a line between the first header of a file and its first hunk. */
function readHeader(line: string, file: OpenFile): void {
  if (!file.hasHeader || file.hasHunks) return;
  const text = line.endsWith('\r') ? line.slice(0, -1) : line;
  const [, word, rest = ''] = HEADER.exec(text) ?? [];
  if (word !== undefined) READERS[word]?.(rest, file, line);
}

const HEADER =
  /^(---|\+\+\+|new file mode|deleted file mode|rename to|copy to|GIT binary patch|literal|delta|Binary files)(?: ([^]*))?$/;

const READERS: Readonly<Record<string, (rest: string, file: OpenFile, line: string) => void>> = {
  'new file mode': (_rest, file) => {
    file.isNew = true;
  },
  'deleted file mode': (_rest, file) => {
    file.isRemoved = true;
  },
  'rename to': readNewName,
  'copy to': readNewName,
  '---': (rest, file) => {
    file.before = readHeaderName(rest);
    // GNU diff names a file that is not there yet with the beginning of time.
    if (file.before === NO_FILE || /\t(?:1970-01-01|1969-12-31) /.test(rest)) file.isNew = true;
  },
  '+++': (rest, file, line) => {
    const after = readHeaderName(rest);
    file.path = pathOfHeaders(file.before, after, file.known);
    file.isRemoved ||= after === NO_FILE;
    file.hasNames = true;
    file.hasReturns ||= line.endsWith('\r');
  },
  'GIT binary patch': (_rest, file) => {
    file.isBinary = true;
  },
  literal: readBinarySize,
  delta: readBinarySize,
  'Binary files': readBinaryNames,
};

function readNewName(rest: string, file: OpenFile): void {
  file.known = readHeaderName(rest);
  file.path = file.known;
}

/** Takes the size of the first of two patches, which leads to the new version; the other leads back. */
function readBinarySize(rest: string, file: OpenFile): void {
  if (file.isBinary && file.binaryBytes === 0 && /^\d{1,15}$/.test(rest)) file.binaryBytes = Number(rest);
}

/** Reads `a/old and b/new differ`. */
function readBinaryNames(rest: string, file: OpenFile): void {
  if (!rest.endsWith(' differ')) return;
  file.isBinary = true;
  const names = rest.slice(0, -' differ'.length);
  const middle = names.lastIndexOf(' and ');
  const [before, after] = [names.slice(0, middle), names.slice(middle + ' and '.length)].map(readHeaderName);
  file.isNew ||= before === NO_FILE;
  file.isRemoved ||= after === NO_FILE;
  file.path = pathOfHeaders(before, after!, file.known);
}

/** Reads the lines of a hunk. */
function* readHunk(
  cursor: LineCursor,
  hunk: Hunk,
  file: OpenFile,
  header: string,
): Generator<DiffPart | undefined, void, undefined> {
  file.hasHunks = true;
  file.hasReturns ||= header.endsWith('@@\r');
  for (let count = 1; cursor.next !== undefined && belongsToHunk(hunk, cursor); count += 1) {
    const line = cursor.next;
    const isUnterminated = cursor.peek(1)?.startsWith('\\') === true;
    cursor.advance();
    if (count % PAUSE_LINES === 0) yield undefined;
    const mark = markOf(line.slice(0, hunk.columns));
    if (mark === '\\') continue;
    if (mark === '+') yield addedLine(line.slice(hunk.columns), file, hunk.line, isUnterminated);
    else hunk.linesBefore -= 1;
    if (mark === '-') continue;
    hunk.linesAfter -= 1;
    hunk.line += 1;
  }
}

/** Returns the mark that counts among those of a line, which has several in a combined diff. */
function markOf(marks: string): string {
  return ['\\', '-', '+'].find((mark) => marks.includes(mark)) ?? ' ';
}

function addedLine(
  text: string,
  file: OpenFile,
  line: number | undefined,
  isUnterminated: boolean,
): DiffPart {
  const isReturned = file.hasReturns && text.endsWith('\r');
  return { kind: 'added', file, text: isReturned ? text.slice(0, -1) : text, line, isUnterminated };
}
