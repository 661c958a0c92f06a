import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const CACHE = fileURLToPath(new URL('../../node_modules/.cache/', import.meta.url));
const PACKAGES = fileURLToPath(new URL('../../package.json', import.meta.url));

interface Kept {
  readonly name: string;
  /** With its dot. */
  readonly extension: string;
  /** Files by whose content the text changes; package.json, which pins the versions of the packages, is one of them. */
  readonly sources: readonly string[];
}

/** Returns the path of a file with a text that takes long to make; it outlives a run. */
export async function keepInCache(
  { name, extension, sources }: Kept,
  make: () => Promise<string>,
): Promise<string> {
  const hash = createHash('sha256');
  for (const source of [...sources, PACKAGES]) hash.update(readFileSync(source));
  const path = `${CACHE}${name}-${hash.digest('hex').slice(0, 16)}${extension}`;
  if (existsSync(path)) return path;
  const text = await make();
  mkdirSync(CACHE, { recursive: true });
  // Several test files may come here at the same time.
  const mine = `${path}.${process.pid}`;
  writeFileSync(mine, text);
  renameSync(mine, path);
  return path;
}
