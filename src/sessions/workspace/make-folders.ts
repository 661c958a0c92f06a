import { mkdir, realpath, rmdir, stat } from 'node:fs/promises';

/**
 * Makes folders, the outermost first, and returns a function that removes those of them that are still empty. Removes
 * them itself if one cannot be made.
 */
export async function makeFolders(folders: readonly string[]): Promise<() => Promise<void>> {
  const made: string[] = [];
  const remove = async () => {
    for (const folder of made.toReversed()) await rmdir(folder).catch(() => {});
  };
  try {
    for (const folder of folders) {
      if (await makeFolder(folder)) made.push(folder);
    }
  } catch (error) {
    await remove();
    throw error;
  }
  return remove;
}

/** Returns false if the folder was already there. */
async function makeFolder(folder: string): Promise<boolean> {
  try {
    await mkdir(folder);
  } catch (error) {
    const isThere = (await stat(folder).catch(() => undefined))?.isDirectory() ?? false;
    if (!isThere) throw error;
    return false;
  }
  // A link may have come into the path since it was judged.
  if ((await realpath(folder)) === folder) return true;
  await rmdir(folder).catch(() => {});
  throw new Error('the path of a new folder leads through a link');
}
