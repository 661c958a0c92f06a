import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { isAbsolute, relative } from 'node:path';
import { applyPatch } from 'diff';
import { formatCreation, formatDeletion, formatEdit, type DiffSide } from './file-diff.ts';
import type { ProposedChange } from './judge-changes.ts';

/**
 * Returns the unified diff of changes that `judgeChanges` allows, made from the files on disk. A file that an addition
 * would replace is shown with everything that is lost.
 */
export async function showChanges(workspace: string, changes: readonly ProposedChange[]): Promise<string> {
  let diff = '';
  for (const change of changes) diff += await showChange(workspace, change);
  return diff;
}

async function showChange(workspace: string, { path, kind, diff }: ProposedChange): Promise<string> {
  const before = await readSide(workspace, path);
  if (kind.type === 'delete') {
    return formatDeletion(before ?? newSide(workspace, path, diff)).text;
  }
  const added = newSide(workspace, path, diff);
  if (before === undefined) return formatCreation(added).text;
  if (kind.type === 'add') return formatEdit(before, added).text;
  const hunks = kind.movePath === undefined ? diff : diff.replace(`\n\nMoved to: ${kind.movePath}`, '\n');
  const result = applyPatch(before.content?.toString() ?? '', hunks);
  const after = newSide(workspace, kind.movePath ?? path, result === false ? '' : result);
  return formatEdit(before, after).text;
}

function newSide(workspace: string, path: string, content: string): DiffSide {
  return { path: shownPath(workspace, path), mode: '100644', content: Buffer.from(content) };
}

function shownPath(workspace: string, path: string): string {
  return isAbsolute(path) ? relative(workspace, path) : path;
}

async function readSide(workspace: string, path: string): Promise<DiffSide | undefined> {
  try {
    const file = await open(
      isAbsolute(path) ? path : `${workspace}/${path}`,
      constants.O_RDONLY | constants.O_NONBLOCK,
    );
    try {
      const stats = await file.stat();
      if (!stats.isFile()) return undefined;
      const mode = (stats.mode & 0o111) === 0 ? '100644' : '100755';
      return { path: shownPath(workspace, path), mode, content: await file.readFile() };
    } finally {
      await file.close();
    }
  } catch {
    return undefined;
  }
}
