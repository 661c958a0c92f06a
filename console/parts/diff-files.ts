import { parsePatch } from 'diff';

/** A line of a diff; its numbers are those of the old and the new file. */
export interface DiffLine {
  readonly kind: 'same' | 'added' | 'removed' | 'gap';
  readonly text: string;
  readonly oldNumber: number | null;
  readonly newNumber: number | null;
}

/** A file of a diff. */
export interface DiffFile {
  readonly path: string;
  /** The earlier path of a file that was renamed. */
  readonly from: string | null;
  readonly change: 'created' | 'deleted' | 'edited' | 'renamed';
  readonly added: number;
  readonly removed: number;
  readonly lines: readonly DiffLine[];
  /** A sentence about what no line shows, such as a new mode. */
  readonly remark: string;
}

type Patch = ReturnType<typeof parsePatch>[number];
type Hunk = Patch['hunks'][number];

/**
 * Returns the files of a unified diff as git writes it. The lines of a hunk are counted, so that no content can look like the
 * beginning of another file. Throws for any other text.
 */
export function readDiff(diff: string): DiffFile[] {
  return parsePatch(diff)
    .filter(({ oldFileName, hunks }) => oldFileName !== undefined || hunks.length > 0)
    .map(readFile);
}

function readFile(patch: Patch): DiffFile {
  const { hunks } = patch;
  const oldName = plainName(patch.oldFileName, 'a/');
  const newName = plainName(patch.newFileName, 'b/');
  const lines = hunks.flatMap((hunk, index) => [...gapBefore(hunk, index), ...readHunk(hunk)]);
  const change = changeOf(patch, oldName, newName);
  return {
    path: newName ?? oldName ?? '',
    from: change === 'renamed' ? (oldName ?? null) : null,
    change,
    added: lines.filter(({ kind }) => kind === 'added').length,
    removed: lines.filter(({ kind }) => kind === 'removed').length,
    lines,
    remark: remarkOf(patch, change),
  };
}

/** Returns a name without the prefix of its side; undefined for that of a file that is not there. */
function plainName(name: string | undefined, prefix: string): string | undefined {
  if (name === undefined || name === '/dev/null') return undefined;
  return name.startsWith(prefix) ? name.slice(prefix.length) : name;
}

function changeOf(
  { isCreate, isDelete, isRename }: Patch,
  oldName: string | undefined,
  newName: string | undefined,
): DiffFile['change'] {
  if (isCreate === true || oldName === undefined) return 'created';
  if (isDelete === true || newName === undefined) return 'deleted';
  return isRename === true || oldName !== newName ? 'renamed' : 'edited';
}

function remarkOf({ isBinary, hunks, oldMode, newMode }: Patch, change: DiffFile['change']): string {
  const isLink = (newMode ?? oldMode) === '120000';
  const mode = oldMode !== undefined && newMode !== undefined ? `Mode ${oldMode} becomes ${newMode}.` : '';
  const link = isLink ? 'It is a link.' : '';
  const runs = change === 'created' && newMode === '100755' ? 'It can be run as a program.' : '';
  const content = isBinary === true ? 'It is not a text.' : hunks.length === 0 ? CONTENTLESS[change] : '';
  return [mode, link, runs, content].filter(Boolean).join(' ');
}

const CONTENTLESS: Readonly<Record<DiffFile['change'], string>> = {
  created: 'It is empty, or its content is too large to show.',
  deleted: 'It was empty, or its content is too large to show.',
  edited: 'No line of it is shown.',
  renamed: 'Its content stays as it is.',
};

function gapBefore({ oldStart, newStart }: Hunk, index: number): DiffLine[] {
  if (index === 0 && oldStart <= 1) return [];
  const text = `From line ${Math.max(newStart, 1)}`;
  return [{ kind: 'gap', text, oldNumber: null, newNumber: null }];
}

function readHunk({ oldStart, newStart, lines }: Hunk): DiffLine[] {
  let oldNumber = oldStart;
  let newNumber = newStart;
  return lines.map((line) => {
    const text = line.slice(1);
    switch (line[0]) {
      case '+':
        return { kind: 'added', text, oldNumber: null, newNumber: newNumber++ };
      case '-':
        return { kind: 'removed', text, oldNumber: oldNumber++, newNumber: null };
      case '\\':
        return { kind: 'gap', text: text.trim(), oldNumber: null, newNumber: null };
      default:
        return { kind: 'same', text, oldNumber: oldNumber++, newNumber: newNumber++ };
    }
  });
}

/** Two lines beside each other; undefined where one side has none. */
export type DiffPair = readonly [old: DiffLine | undefined, new: DiffLine | undefined];

/** Returns lines for a view of both files beside each other: lines that were removed, and beside them those that were added in their place. */
export function pairLines(lines: readonly DiffLine[]): DiffPair[] {
  const pairs: DiffPair[] = [];
  let removed: DiffLine[] = [];
  let added: DiffLine[] = [];
  const settle = () => {
    const count = Math.max(removed.length, added.length);
    for (let index = 0; index < count; index += 1) pairs.push([removed[index], added[index]]);
    removed = [];
    added = [];
  };
  for (const line of lines) {
    if (line.kind === 'removed') {
      if (added.length > 0) settle();
      removed.push(line);
    } else if (line.kind === 'added') added.push(line);
    else {
      settle();
      pairs.push([line, line]);
    }
  }
  settle();
  return pairs;
}
