import { createPace } from '../../../base/async/pace.ts';
import type { FileChange } from './changes.ts';
import type { Contents } from './contents.ts';
import type { Entry } from './entry.ts';
import {
  formatCreation,
  formatDeletion,
  formatEdit,
  SHOWN_BYTES,
  type DiffSide,
  type FileDiff,
} from '../file-diff.ts';

/** Characters of all diffs together above which files are named without content. */
const DIFF_CHARACTERS = 4 * 1024 * 1024;

interface ChangedFile {
  /** Relative to the workspace. */
  readonly path: string;
  readonly change: 'created' | 'edited' | 'deleted' | 'renamed';
  /** The earlier path of a renamed file. */
  readonly from?: string;
  readonly type: Entry['type'];
  readonly isBinary?: true;
  /** True if the content is not shown, because it is too large or not known. */
  readonly isTooLarge?: true;
}

export interface ChangesDescription {
  /** Unified diff as git writes it, with paths relative to the workspace. */
  readonly diff: string;
  /** Everything that changed, in the order of the diff, with folders, pipes and sockets, which no diff contains. */
  readonly files: readonly ChangedFile[];
}

/** Describes changes as a unified diff, with binary and huge files named without content. */
export async function describeChanges(
  changes: readonly FileChange[],
  contents: Contents,
): Promise<ChangesDescription> {
  const pace = createPace();
  const files: ChangedFile[] = [];
  const parts: string[] = [];
  let charactersLeft = DIFF_CHARACTERS;
  for (const change of pairRenamed(changes)) {
    await pace();
    const diffs = await formatChange(change, charactersLeft > 0 ? contents : undefined);
    files.push(describeFile(change, diffs));
    for (const { text } of diffs) {
      parts.push(text);
      charactersLeft -= text.length;
    }
  }
  return { diff: parts.join(''), files };
}

async function formatChange(change: ShownChange, contents: Contents | undefined): Promise<FileDiff[]> {
  const { path, from = path, before, after } = change;
  const format = hasSameGitMode(before, after) ? exactMode : gitMode;
  const oldSide = await sideOf(from, before, { contents, format });
  return formatSides(oldSide, await sideOf(path, after, { contents, format }));
}

function describeFile({ path, from, before, after }: ShownChange, diffs: readonly FileDiff[]): ChangedFile {
  return {
    path,
    change: from === undefined ? changeOf(before, after) : 'renamed',
    ...(from !== undefined && { from }),
    type: (after ?? before)!.type,
    ...(diffs.some(({ isBinary }) => isBinary) && { isBinary: true }),
    ...(diffs.some(({ isTooLarge }) => isTooLarge) && { isTooLarge: true }),
  };
}

function changeOf(before: Entry | undefined, after: Entry | undefined): ChangedFile['change'] {
  if (before === undefined) return 'created';
  return after === undefined ? 'deleted' : 'edited';
}

interface ShownChange extends FileChange {
  readonly from?: string;
}

/** Turns a deleted and a created file of the same content into one that was renamed. */
function pairRenamed(changes: readonly FileChange[]): ShownChange[] {
  const deleted = new Map<string, FileChange[]>();
  for (const change of changes) {
    const digest = change.after === undefined ? digestOfFull(change.before) : undefined;
    if (digest !== undefined) deleted.set(digest, [...(deleted.get(digest) ?? []), change]);
  }
  const sources = new Map<FileChange, FileChange>();
  for (const change of changes) {
    const digest = change.before === undefined ? digestOfFull(change.after) : undefined;
    const source = digest === undefined ? undefined : deleted.get(digest)?.shift();
    if (source !== undefined) sources.set(change, source);
  }
  const gone = new Set(sources.values());
  return changes
    .filter((change) => !gone.has(change))
    .map((change) => {
      const source = sources.get(change);
      return source === undefined ? change : { ...change, from: source.path, before: source.before };
    });
}

/** Returns the digest of a file that is not empty: empty ones are alike by chance. */
function digestOfFull(entry: Entry | undefined): string | undefined {
  return entry?.type === 'file' && entry.size > 0 ? entry.digest : undefined;
}

/** Formats one diff, or two if a file becomes a link or a link a file. */
function formatSides(before: DiffSide | undefined, after: DiffSide | undefined): FileDiff[] {
  const isEdit = before !== undefined && after !== undefined && isLink(before) === isLink(after);
  if (isEdit) return [formatEdit(before, after)];
  return [
    ...(before === undefined ? [] : [formatDeletion(before)]),
    ...(after === undefined ? [] : [formatCreation(after)]),
  ];
}

const LINK_MODE = '120000';

function isLink({ mode }: DiffSide): boolean {
  return mode === LINK_MODE;
}

interface SideOptions {
  readonly contents: Contents | undefined;
  format(mode: number): string;
}

async function sideOf(
  path: string,
  entry: Entry | undefined,
  { contents, format }: SideOptions,
): Promise<DiffSide | undefined> {
  if (entry?.type === 'link') return { path, mode: LINK_MODE, content: Buffer.from(entry.target) };
  if (entry?.type !== 'file') return undefined;
  const isShown = entry.digest !== undefined && entry.size <= SHOWN_BYTES;
  return {
    path,
    mode: format(entry.mode),
    content: isShown ? await contents?.read(entry.digest) : undefined,
  };
}

/** Returns the mode of a file as git knows it: executable or not. */
function gitMode(mode: number): string {
  return (mode & 0o100) === 0 ? '100644' : '100755';
}

function exactMode(mode: number): string {
  return `10${mode.toString(8).padStart(4, '0')}`;
}

/** Returns true for two files whose modes differ in something that git does not know. */
function hasSameGitMode(before: Entry | undefined, after: Entry | undefined): boolean {
  if (before?.type !== 'file' || after?.type !== 'file') return false;
  return before.mode !== after.mode && gitMode(before.mode) === gitMode(after.mode);
}
