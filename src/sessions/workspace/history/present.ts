import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { hashFile } from './contents.ts';
import type { Entry } from './entry.ts';
import { readEntry } from './read-entry.ts';

/** A workspace as it is now, at the paths that matter. */
export interface Present {
  at(path: string): Entry | undefined;
}

/**
 * Looks at paths and the folders above them. A path that leads through a link is not there, nor is one whose name has
 * another case than the file.
 */
export async function lookAtPresent(
  workspace: string,
  paths: readonly string[],
  maxBytes: number,
): Promise<Present> {
  const names = new Map<string, ReadonlySet<string>>();
  const entries = new Map<string, Entry | undefined>();

  const look = async (path: string): Promise<Entry | undefined> => {
    if (entries.has(path)) return entries.get(path);
    const end = path.lastIndexOf('/');
    const parent = path.slice(0, Math.max(end, 0));
    const isReachable = parent === '' || (await look(parent))?.type === 'folder';
    const isThere = isReachable && (await list(parent)).has(path.slice(end + 1));
    const entry = isThere
      ? await readEntry(join(workspace, path), (file) => hashFile(file, maxBytes))
      : undefined;
    entries.set(path, entry);
    return entry;
  };
  const list = async (folder: string): Promise<ReadonlySet<string>> => {
    const known = names.get(folder);
    if (known !== undefined) return known;
    const listed = new Set(await readdir(join(workspace, folder)).catch(() => []));
    names.set(folder, listed);
    return listed;
  };

  for (const path of paths) await look(path);
  return { at: (path) => entries.get(path) };
}

/** Lists everything in a folder, at any depth. */
export async function listBelow(workspace: string, folder: string): Promise<string[]> {
  const found = await readdir(join(workspace, folder), { withFileTypes: true }).catch((): Dirent[] => []);
  const paths: string[] = [];
  for (const entry of found) {
    const path = `${folder}/${entry.name}`;
    paths.push(path, ...(entry.isDirectory() ? await listBelow(workspace, path) : []));
  }
  return paths;
}
