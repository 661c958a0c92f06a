import type { Dirent } from 'node:fs';
import { readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';

/** Folders in which nested repositories are looked for, the outermost first. */
const MAX_FOLDERS = 5_000;

/** Nested repositories that are found: the sandbox mounts each one. */
const MAX_REPOSITORIES = 100;

/** Folders that are not entered: their packages are many, and rarely repositories. */
const LEFT_OUT = new Set(['node_modules', '.git']);

/**
 * Returns the `.git` folders and files below the folders of a workspace, which its own is not one of. Links are not followed, but a `.git`
 * that is a link stands for its target, if that lies in the workspace.
 */
export async function findNestedRepositories(workspace: string): Promise<readonly string[]> {
  const found = new Set<string>();
  let level = foldersIn(workspace, await list(workspace));
  for (let count = 0; level.length > 0 && count < MAX_FOLDERS;) {
    const folders = level.slice(0, MAX_FOLDERS - count);
    count += folders.length;
    level = [];
    for (const folder of folders) {
      const entries = await list(folder);
      const git = entries.find(({ name }) => name === '.git');
      const path = git && (await findTarget(git, join(folder, '.git'), workspace));
      if (path !== undefined) found.add(path);
      if (found.size >= MAX_REPOSITORIES) return [...found];
      level.push(...foldersIn(folder, entries));
    }
  }
  return [...found];
}

async function list(folder: string): Promise<Dirent[]> {
  // A folder that cannot be read cannot be searched by a command either.
  return await readdir(folder, { withFileTypes: true }).catch(() => []);
}

function foldersIn(folder: string, entries: readonly Dirent[]): string[] {
  return entries
    .filter((entry) => entry.isDirectory() && !LEFT_OUT.has(entry.name))
    .map(({ name }) => join(folder, name));
}

async function findTarget(git: Dirent, path: string, workspace: string): Promise<string | undefined> {
  if (!git.isSymbolicLink()) return path;
  const target = await realpath(path).catch(() => undefined);
  return target?.startsWith(`${workspace}/`) === true ? target : undefined;
}
