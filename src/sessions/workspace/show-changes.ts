import { constants } from 'node:fs';
import { lstat, open, readlink } from 'node:fs/promises';
import { isAbsolute, join, relative } from 'node:path';
import { applyPatch } from 'diff';
import type { AgentChange } from '../../conversation/ports/agent.ts';
import {
  formatCreation,
  formatDeletion,
  formatEdit,
  formatHunks,
  SHOWN_BYTES,
  type DiffSide,
} from './file-diff.ts';
import { locate } from './locate.ts';

/** Characters of all diffs together above which files are named without content. */
const DIFF_CHARACTERS = 4 * 1024 * 1024;

/**
 * Returns the unified diff of changes that `judgeChanges` allows, made from the files on disk. What an addition or a
 * move would replace is shown as lost.
 */
export async function showChanges(workspace: string, changes: readonly AgentChange[]): Promise<string> {
  const parts: string[] = [];
  let charactersLeft = DIFF_CHARACTERS;
  for (const change of changes) {
    const part = await showChange(workspace, change, charactersLeft > 0);
    charactersLeft -= part.length;
    parts.push(part);
  }
  return parts.join('');
}

async function showChange(workspace: string, change: AgentChange, isFull: boolean): Promise<string> {
  const { path, kind, diff } = change;
  const given = isFull ? Buffer.from(diff) : undefined;
  const place = await findPlace(workspace, path, kind.type === 'delete');
  const before = await readSide(place, isFull);
  if (kind.type === 'delete') return formatDeletion(before ?? newSide(place, given)).text;
  if (before === undefined) return formatCreation(newSide(place, given)).text;
  if (kind.type === 'add') return formatEdit(before, { ...before, content: given }).text;
  return showUpdate(before, await findTarget(workspace, change, isFull), change);
}

/** The file that an update or a move writes. */
interface Target {
  readonly path: string;
  /** The file that a move replaces. */
  readonly replaced: DiffSide | undefined;
}

async function findTarget(workspace: string, { path, kind }: AgentChange, isFull: boolean): Promise<Target> {
  const place = await findPlace(workspace, kind.movePath ?? path, false);
  return {
    path: place.shown,
    replaced: kind.movePath === undefined ? undefined : await readSide(place, isFull),
  };
}

function showUpdate(before: DiffSide, target: Target, { kind, diff }: AgentChange): string {
  const hunks = kind.movePath === undefined ? diff : diff.replace(`\n\nMoved to: ${kind.movePath}`, '\n');
  const content = before.content && applyHunks(before.content, hunks);
  if (target.replaced !== undefined) {
    return formatDeletion(before).text + formatEdit(target.replaced, { ...target.replaced, content }).text;
  }
  const after = { ...before, path: target.path, content };
  // The hunks that Codex made say more than that the file differs.
  return content === undefined ? formatHunks(before, after, hunks) : formatEdit(before, after).text;
}

/** Returns undefined if the hunks do not fit the content, or if they are something else. */
function applyHunks(content: Buffer, hunks: string): Buffer | undefined {
  if (hunks.trim() === '') return content;
  try {
    const before = content.toString();
    const after = applyPatch(before, hunks, { autoConvertLineEndings: false });
    return after === false || after === before ? undefined : Buffer.from(after);
  } catch {
    return undefined;
  }
}

interface Place {
  /** The path with all links resolved. */
  readonly path: string;
  /** The same relative to the workspace. */
  readonly shown: string;
}

async function findPlace(workspace: string, path: string, keepLast: boolean): Promise<Place> {
  const located = await locate(isAbsolute(path) ? path : join(workspace, path), keepLast);
  return { path: located.path, shown: relative(workspace, located.path) };
}

function newSide({ shown }: Place, content: Buffer | undefined): DiffSide {
  return { path: shown, mode: '100644', content };
}

/** Returns undefined if there is no file or link. */
async function readSide({ path, shown }: Place, isFull: boolean): Promise<DiffSide | undefined> {
  const found = await lstat(path).catch(() => undefined);
  if (found?.isSymbolicLink()) {
    return { path: shown, mode: '120000', content: Buffer.from(await readlink(path)) };
  }
  if (!found?.isFile()) return undefined;
  const mode = (found.mode & 0o100) === 0 ? '100644' : '100755';
  return { path: shown, mode, content: isFull ? await readShown(path) : undefined };
}

async function readShown(path: string): Promise<Buffer | undefined> {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const stats = await file.stat();
      return stats.isFile() && stats.size <= SHOWN_BYTES ? await file.readFile() : undefined;
    } finally {
      await file.close();
    }
  } catch {
    return undefined;
  }
}
