import { constants } from 'node:fs';
import { copyFile, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { randomUUID } from 'node:crypto';

/** Codex's SQLite files. The index of a log (`-shm`) is made again from the log. */
const DATABASE = /^\w+\.sqlite(-wal)?$/;

/**
 * Copies the empty databases that were kept into a new home, where Codex would otherwise make them: that takes it longer than the rest
 * of its start. Resolves to false if there are none.
 */
export async function copyDatabases(kept: string, home: string): Promise<boolean> {
  const names = await readdir(kept).catch(() => []);
  try {
    await copyAll(names, kept, home);
    return names.length > 0;
  } catch {
    await Promise.all(names.map((name) => rm(join(home, name), { force: true })));
    return false;
  }
}

/** Resolves to true if databases are kept in a folder. */
export async function hasDatabases(kept: string): Promise<boolean> {
  return (await readdir(kept).catch(() => [])).length > 0;
}

/** Keeps the databases of a home in which no app-server runs and none has worked. Those of other versions are removed. */
export async function keepDatabases(home: string, kept: string): Promise<void> {
  const folder = dirname(kept);
  const draft = `${kept}.${randomUUID()}`;
  await mkdir(draft, { recursive: true, mode: 0o700 });
  try {
    const names = (await readdir(home)).filter((name) => DATABASE.test(name));
    await copyAll(names, home, draft);
    for (const name of await readdir(folder)) {
      if (name !== basename(draft)) await rm(join(folder, name), { recursive: true, force: true });
    }
    await rename(draft, kept);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

async function copyAll(names: readonly string[], from: string, to: string): Promise<void> {
  const copy = (name: string) => copyFile(join(from, name), join(to, name), constants.COPYFILE_FICLONE);
  await Promise.all(names.map(copy));
}
