import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Returns the bytes of the files of a folder whose names match; those that are gone have none. */
export async function sumSizes(folder: string, name: RegExp): Promise<number> {
  const names = (await readdir(folder).catch(() => [])).filter((one) => name.test(one));
  const sizes = await Promise.all(
    names.map((one) =>
      stat(join(folder, one)).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
