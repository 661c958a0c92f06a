import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * A text that changes whenever one of the files is written, replaced, made or removed. A folder that is not there, as the
 * machine's set-up of most machines, is looked at once for all of its files.
 */
export async function stampFiles(paths: readonly string[]): Promise<string> {
  const folders = Map.groupBy(paths, dirname);
  const stamps = await Promise.all([...folders].map(([folder, files]) => stampFolder(folder, files)));
  return stamps.join();
}

async function stampFolder(folder: string, files: readonly string[]): Promise<string> {
  // One file says as much as its folder would.
  if (files.length > 1 && (await stampOf(folder)) === '') return files.map(() => '').join();
  return (await Promise.all(files.map(stampOf))).join();
}

async function stampOf(path: string): Promise<string> {
  const found = await stat(path, { bigint: true }).catch(() => undefined);
  return found ? `${found.ino}:${found.mtimeNs}:${found.size}` : '';
}
