import { chmod, lstat, mkdir, open, rename, rm, rmdir, symlink, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createId } from '../../../base/ids.ts';
import type { Contents } from './contents.ts';
import type { Entry, FileEntry } from './entry.ts';
import type { Present } from './present.ts';
import { isWrittenSince, modeOf } from './read-entry.ts';
import { UndoConflictError } from './undo-errors.ts';

export interface PutBackOptions {
  /** Each path that has to change, with what it shall be. */
  readonly steps: ReadonlyMap<string, Entry | undefined>;
  readonly present: Present;
  readonly contents: Contents;
}

/** Makes paths of a workspace what they shall be. Each file is replaced as a whole, by one rename. */
export async function putBack(
  workspace: string,
  { steps, present, contents }: PutBackOptions,
): Promise<void> {
  const opened = createOpenedFolders();
  const sorted = [...steps]
    .toSorted(([one], [other]) => depthOf(one) - depthOf(other))
    .map(([path, wanted]) => ({ path, place: join(workspace, path), wanted, state: present.at(path) }));
  try {
    for (const step of sorted.toReversed()) await removeOld(step, opened);
    for (const step of sorted) await putNew(step, opened, contents);
  } finally {
    await opened.close();
  }
}

interface Step {
  readonly path: string;
  readonly place: string;
  readonly wanted: Entry | undefined;
  readonly state: Entry | undefined;
}

/** Removes everything of another type than what is to be put there. A file stays until another takes its place. */
async function removeOld(step: Step, opened: OpenedFolders): Promise<void> {
  const { place, wanted, state } = step;
  if (state === undefined || wanted?.type === state.type) return;
  await opened.open(dirname(place));
  await checkUnchanged(step);
  // The mode of a folder does not go over to what comes to its path.
  if (await remove(place, state, wanted)) opened.forget(place);
}

async function putNew(step: Step, opened: OpenedFolders, contents: Contents): Promise<void> {
  const { place, wanted, state } = step;
  if (wanted === undefined) return;
  await mkdir(dirname(place), { recursive: true });
  await opened.open(dirname(place));
  if (wanted.type === state?.type) await checkUnchanged(step);
  if (wanted.type === 'folder') await opened.make(place, wanted.mode);
  else if (wanted.type === 'link') await replace(place, (draft) => symlink(wanted.target, draft));
  else if (wanted.type === 'special' || hasSameDigest(wanted, state)) await chmod(place, wanted.mode);
  else await replace(place, (draft) => write(draft, wanted, contents));
}

/** Throws if a file has changed since it was compared. */
async function checkUnchanged({ path, place, state }: Step): Promise<void> {
  if (state?.type !== 'file') return;
  const found = await lstat(place).catch(() => undefined);
  if (found === undefined || isWrittenSince(state.stamp, found)) throw new UndoConflictError([path]);
}

function depthOf(path: string): number {
  return path.split('/').length;
}

function hasSameDigest(wanted: Entry, state: Entry | undefined): boolean {
  return wanted.type === 'file' && state?.type === 'file' && wanted.digest === state.digest;
}

/** Removes what is at a path, and returns false for a folder that stays because it contains something foreign. */
async function remove(place: string, state: Entry, wanted: Entry | undefined): Promise<boolean> {
  if (state.type !== 'folder') {
    await unlink(place);
    return true;
  }
  try {
    await rmdir(place);
    return true;
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (wanted === undefined && ['ENOTEMPTY', 'EEXIST'].includes(code)) return false;
    throw error;
  }
}

async function replace(place: string, make: (draft: string) => Promise<void>): Promise<void> {
  const draft = join(dirname(place), createId('.codex-gateway-'));
  try {
    await make(draft);
    await rename(draft, place);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

async function write(draft: string, { digest, mode }: FileEntry, contents: Contents): Promise<void> {
  const content = digest === undefined ? undefined : await contents.read(digest);
  if (content === undefined) throw new Error('the content of a file is no longer kept');
  const file = await open(draft, 'wx', 0o600);
  try {
    await file.writeFile(content);
    await file.chmod(mode);
  } finally {
    await file.close();
  }
}

interface OpenedFolders {
  /** Lets its owner write in a folder until the end. */
  open(folder: string): Promise<void>;
  make(folder: string, mode: number): Promise<void>;
  forget(folder: string): void;
  /** Gives all folders the mode that they had or shall have. */
  close(): Promise<void>;
}

const WRITABLE = 0o300;

function createOpenedFolders(): OpenedFolders {
  const modes = new Map<string, number>();
  const seen = new Set<string>();
  return {
    async open(folder) {
      if (seen.has(folder)) return;
      seen.add(folder);
      const found = await lstat(folder);
      if (!found.isDirectory()) throw new Error('a folder was replaced meanwhile');
      const mode = modeOf(found);
      if ((mode & WRITABLE) === WRITABLE) return;
      if (!modes.has(folder)) modes.set(folder, mode);
      await chmod(folder, mode | WRITABLE);
    },
    async make(folder, mode) {
      await mkdir(folder, { recursive: true });
      modes.set(folder, mode);
    },
    forget(folder) {
      modes.delete(folder);
      seen.delete(folder);
    },
    async close() {
      for (const [folder, mode] of [...modes].toReversed()) {
        await chmod(folder, mode).catch((error: NodeJS.ErrnoException) => {
          // One that was opened to be emptied is gone.
          if (error.code !== 'ENOENT') throw error;
        });
      }
    },
  };
}
