import type { Dirent } from 'node:fs';
import { readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';

/** Folders in which nested repositories are looked for, the outermost first, and those that are read together. */
const MAX_FOLDERS = 5_000;
const AT_ONCE = 32;

/** Nested repositories that are found: the sandbox mounts each one. */
const MAX_REPOSITORIES = 100;

/** Folders that are not entered: their packages are many, and rarely repositories. */
const LEFT_OUT = new Set(['node_modules', '.git']);

/**
 * Returns the `.git` folders and files below the folders of a workspace, which its own is not one of. Links are not followed, but
 * a `.git` that is a link stands for its target, if that lies in the workspace.
 */
export async function findNestedRepositories(workspace: string): Promise<readonly string[]> {
  const found: string[] = [];
  const waiting = [...(await look(workspace, workspace)).folders];
  for (let left = MAX_FOLDERS; left > 0 && waiting.length > 0 && found.length < MAX_REPOSITORIES;) {
    const batch = waiting.splice(0, Math.min(AT_ONCE, left));
    left -= batch.length;
    for (const { git, folders } of await Promise.all(batch.map((folder) => look(folder, workspace)))) {
      if (git !== undefined) found.push(git);
      waiting.push(...folders);
    }
  }
  return found.slice(0, MAX_REPOSITORIES);
}

interface Seen {
  readonly git: string | undefined;
  readonly folders: readonly string[];
}

async function look(folder: string, workspace: string): Promise<Seen> {
  // A folder that cannot be read cannot be searched by a command either.
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const git = entries.find(({ name }) => name === '.git');
  return {
    git: git && (await findTarget(git, join(folder, '.git'), workspace)),
    folders: entries
      .filter((entry) => entry.isDirectory() && !LEFT_OUT.has(entry.name))
      .map(({ name }) => join(folder, name)),
  };
}

async function findTarget(git: Dirent, path: string, workspace: string): Promise<string | undefined> {
  if (!git.isSymbolicLink()) return path;
  const target = await realpath(path).catch(() => undefined);
  return target?.startsWith(`${workspace}/`) === true ? target : undefined;
}
