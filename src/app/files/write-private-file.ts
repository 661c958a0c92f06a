import { link, open, rename, rm } from 'node:fs/promises';
import { createId } from '../../base/ids.ts';

/**
 * Writes a file that only its owner can read, completely or not at all. Without `overwrite` an existing file stays
 * unchanged, and the result is false.
 */
export async function writePrivateFile(
  path: string,
  content: string | Uint8Array,
  overwrite: boolean,
): Promise<boolean> {
  const draft = `${path}.${createId('')}`;
  try {
    const file = await open(draft, 'wx', 0o600);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    // A link, unlike a rename, fails if the file already exists.
    await (overwrite ? rename(draft, path) : link(draft, path));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}
