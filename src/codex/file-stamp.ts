import { stat } from 'node:fs/promises';

/** A text that changes whenever one of the files is written, replaced, made or removed. */
export async function stampFiles(paths: readonly string[]): Promise<string> {
  const stamps = await Promise.all(
    paths.map(async (path) => {
      const found = await stat(path, { bigint: true }).catch(() => undefined);
      return found ? `${found.ino}:${found.mtimeNs}:${found.size}` : '';
    }),
  );
  return stamps.join();
}
