import { mkdir } from 'node:fs/promises';
import { StartupError } from '../base/errors.ts';

/** Makes a folder, and those above it, that its user alone can look into; one that is there stays as it is. */
export async function makePrivateFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new StartupError(`The folder ${path} cannot be made (${code}); look what stands in its place.`, {
      cause: error,
    });
  }
}
