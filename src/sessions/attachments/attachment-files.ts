import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GatewayError } from '../../base/errors.ts';
import { safeName } from './safe-name.ts';

/** Maximum bytes of the files of one session. */
const MAX_SESSION_BYTES = 200 * 1024 * 1024;

/** Files of messages, in a folder for each session. The agent may read them, and write none of them. */
export interface AttachmentFiles {
  /** Writes a file that stays as long as the session; resolves to its path. */
  keep(sessionId: string, name: string, bytes: Buffer): Promise<string>;
  /** Writes an image that only one turn needs; resolves to its path. */
  lend(sessionId: string, extension: string, bytes: Buffer): Promise<string>;
  /** Removes a file. */
  remove(path: string): Promise<void>;
  /** Removes all files of a session. */
  forget(sessionId: string): Promise<void>;
  /** Removes the files of all sessions that this process has kept any of. */
  forgetAll(): Promise<void>;
  /** Removes old files of sessions that do not exist any more, and old images, which a killed gateway may have left. */
  prune(exists: (sessionId: string) => Promise<boolean>): Promise<void>;
}

/** Milliseconds after which files are old: another gateway may have a session that nothing else knows of yet. */
const OLD_MS = 7 * 86_400_000;

/** Keeps the files below a folder, which is made with the first of them and is readable by its user alone. */
export function createAttachmentFiles(folder: string): AttachmentFiles {
  const used = new Set<string>();
  const folderOf = async (sessionId: string, kind: 'files' | 'images') => {
    used.add(sessionId);
    const path = join(folder, sessionId, kind);
    await mkdir(path, { recursive: true, mode: 0o700 });
    return path;
  };
  const forget = async (sessionId: string) => {
    used.delete(sessionId);
    await rm(join(folder, sessionId), { recursive: true, force: true });
  };
  return {
    async keep(sessionId, name, bytes) {
      const path = await folderOf(sessionId, 'files');
      const names = await readdir(path);
      await requireRoom(path, names, bytes.length);
      const file = join(path, safeName(name, new Set(names.map((taken) => taken.toLowerCase()))));
      await write(file, bytes);
      return file;
    },
    async lend(sessionId, extension, bytes) {
      const file = join(await folderOf(sessionId, 'images'), `${crypto.randomUUID()}.${extension}`);
      await write(file, bytes);
      return file;
    },
    remove: async (path) => await rm(path, { force: true }),
    forget,
    forgetAll: async () => void (await Promise.all([...used].map(forget))),
    async prune(exists) {
      for (const sessionId of (await namesIn(folder)).filter(isSessionId)) {
        if (await isOld(join(folder, sessionId))) {
          if (!(await exists(sessionId))) await forget(sessionId);
        }
        const images = join(folder, sessionId, 'images');
        for (const image of await namesIn(images))
          if (await isOld(join(images, image))) await rm(join(images, image), { force: true });
      }
    },
  };
}

/** Returns false for names that a session's folder never has. */
function isSessionId(name: string): boolean {
  return /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/.test(name);
}

async function namesIn(folder: string): Promise<string[]> {
  return await readdir(folder).catch(() => []);
}

async function isOld(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found !== undefined && Date.now() - found.mtimeMs > OLD_MS;
}

async function requireRoom(path: string, names: readonly string[], bytes: number): Promise<void> {
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(path, name))).size));
  const total = sizes.reduce((sum, size) => sum + size, bytes);
  if (total <= MAX_SESSION_BYTES) return;
  const limit = MAX_SESSION_BYTES / (1024 * 1024);
  throw new GatewayError('invalid_value', `The files of one session may have at most ${limit} MB.`, {
    param: 'attachments',
  });
}

async function write(path: string, bytes: Buffer): Promise<void> {
  await writeFile(path, bytes, { mode: 0o600, flag: 'wx' });
}
