import type { Contents } from './contents.ts';
import type { FileChange } from './changes.ts';
import type { Entry } from './entry.ts';
import { formatCreation, formatDeletion, formatEdit, type DiffSide, type FileDiff } from './file-diff.ts';

export interface ChangedFile {
  readonly path: string;
  readonly change: 'created' | 'edited' | 'deleted' | 'renamed';
  /** The earlier path of a renamed file. */
  readonly from?: string;
  readonly type: Entry['type'];
  readonly isBinary?: true;
  readonly isTooLarge?: true;
}

export interface ChangesDescription {
  /** Unified diff, with paths relative to the workspace. */
  readonly diff: string;
  readonly files: readonly ChangedFile[];
}

/** Describes changes as a unified diff, with binary and huge files named without content. */
export async function describeChanges(
  changes: readonly FileChange[],
  contents: Contents,
): Promise<ChangesDescription> {
  const files: ChangedFile[] = [];
  let diff = '';
  for (const { path, before, after } of changes) {
    const type = (after ?? before)!.type;
    const change = before === undefined ? 'created' : after === undefined ? 'deleted' : 'edited';
    if (type === 'folder' || type === 'special') {
      files.push({ path, change, type });
      continue;
    }
    const { text, isBinary, isTooLarge } = formatSides(
      await sideOf(path, before, contents),
      await sideOf(path, after, contents),
    );
    diff += text;
    files.push({ path, change, type, ...(isBinary && { isBinary }), ...(isTooLarge && { isTooLarge }) });
  }
  return { diff, files };
}

function formatSides(before: DiffSide | undefined, after: DiffSide | undefined): FileDiff {
  if (before === undefined) return formatCreation(after!);
  return after === undefined ? formatDeletion(before) : formatEdit(before, after);
}

async function sideOf(
  path: string,
  entry: Entry | undefined,
  contents: Contents,
): Promise<DiffSide | undefined> {
  if (entry?.type === 'link') return { path, mode: '120000', content: Buffer.from(entry.target) };
  if (entry?.type !== 'file') return undefined;
  const content = entry.digest === undefined ? undefined : await contents.read(entry.digest);
  return { path, mode: (entry.mode & 0o111) === 0 ? '100644' : '100755', content };
}
