import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The texts of all files below a folder, by their paths. Programs may be at work in it: whatever they remove in the
 * meantime is left out.
 */
export function readFiles(folder: string): Record<string, string> {
  const entries = unlessGone(() => readdirSync(folder, { withFileTypes: true })) ?? [];
  const texts: Record<string, string> = {};
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) Object.assign(texts, readFiles(path));
    const text = entry.isFile() ? unlessGone(() => readFileSync(path, 'latin1')) : undefined;
    if (text !== undefined) texts[path] = text;
  }
  return texts;
}

function unlessGone<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
