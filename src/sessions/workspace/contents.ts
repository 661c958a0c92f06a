import { createHash } from 'node:crypto';
import {
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  writeFile,
  type FileHandle,
} from 'node:fs/promises';
import { join } from 'node:path';
import { createId } from '../../base/ids.ts';

const PIECE_BYTES = 256 * 1024;

/** Contents of files, each kept once under its digest. */
export interface Contents {
  /** Keeps everything that a file contains, and returns its digest, or undefined if these are more than `maxBytes`. */
  add(file: FileHandle, maxBytes: number): Promise<string | undefined>;
  /** Returns true if the content is kept, and keeps it from being removed while this run lasts. */
  has(digest: string): Promise<boolean>;
  /** Returns the content, or undefined if it is not kept or was damaged. */
  read(digest: string): Promise<Buffer | undefined>;
  /** Lists digests and their sizes. */
  list(): Promise<ReadonlyMap<string, number>>;
  remove(digest: string): Promise<void>;
}

/** Creates the contents in a folder, which is made with the first one. */
export function createContents(folder: string): Contents {
  const pathOf = (digest: string) => join(folder, digest);
  const has = async (digest: string) => (await stat(pathOf(digest)).catch(() => undefined)) !== undefined;

  return {
    has,
    async add(file, maxBytes) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const draft = join(folder, createId('draft-'));
      try {
        const digest = await copy(file, draft, maxBytes);
        if (digest !== undefined && !(await has(digest))) await rename(draft, pathOf(digest));
        return digest;
      } finally {
        await rm(draft, { force: true });
      }
    },
    async read(digest) {
      const bytes = await readFile(pathOf(digest)).catch(() => undefined);
      if (bytes === undefined) return undefined;
      return createHash('sha256').update(bytes).digest('hex') === digest ? bytes : undefined;
    },
    async list() {
      const names = await readdir(folder).catch(() => []);
      const sizes = new Map<string, number>();
      for (const name of names.filter((name) => /^[0-9a-f]{64}$/.test(name))) {
        const found = await stat(pathOf(name)).catch(() => undefined);
        if (found !== undefined) sizes.set(name, found.size);
      }
      return sizes;
    },
    remove: (digest) => rm(pathOf(digest), { force: true }),
  };
}

/** Copies a file in pieces, and returns its digest. */
async function copy(file: FileHandle, target: string, maxBytes: number): Promise<string | undefined> {
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafe(PIECE_BYTES);
  let size = 0;
  await writeFile(target, '', { mode: 0o600, flag: 'wx' });
  const copied = await open(target, 'w', 0o600);
  try {
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, PIECE_BYTES, size);
      if (bytesRead === 0) return hash.digest('hex');
      size += bytesRead;
      if (size > maxBytes) return undefined;
      const piece = buffer.subarray(0, bytesRead);
      hash.update(piece);
      await copied.write(piece);
    }
  } finally {
    await copied.close();
  }
}
