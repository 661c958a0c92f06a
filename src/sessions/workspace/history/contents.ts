import { createHash } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { createId } from '../../../base/ids.ts';

const PIECE_BYTES = 256 * 1024;

/** Contents of files, each kept once under its SHA-256. */
export interface Contents {
  /** Keeps everything that a file contains, and returns its digest, or undefined if it has more than `maxBytes`. */
  add(file: FileHandle, maxBytes: number): Promise<string | undefined>;
  /** Bytes that were added by this run. */
  readonly addedBytes: number;
  /** Returns the content, or undefined if it is not kept or was damaged. */
  read(digest: string): Promise<Buffer | undefined>;
  /** Returns the digests of everything that is kept, as they are on disk now. */
  names(): Promise<ReadonlySet<string>>;
  /** Returns the size of everything that is kept. */
  sizes(): Promise<ReadonlyMap<string, number>>;
  remove(digest: string): Promise<void>;
  /** Removes what killed processes have left half-written. */
  removeDrafts(): Promise<void>;
}

/** Files that are looked at together. */
const AT_ONCE = 64;

/** Milliseconds after which the writer of a draft no longer lives. */
const DRAFT_MS = 3_600_000;

/** Creates the contents in a folder, which is made with the first one. */
export function createContents(folder: string): Contents {
  let kept = new Set<string>();
  let addedBytes = 0;
  let made: Promise<unknown> | undefined;
  const list = async (pattern: RegExp) =>
    (await readdir(folder).catch(() => [])).filter((name) => pattern.test(name));
  const names = async () => {
    kept = new Set(await list(/^[0-9a-f]{64}$/));
    made = undefined;
    return kept;
  };

  return {
    names,
    get addedBytes() {
      return addedBytes;
    },
    async add(file, maxBytes) {
      let piece: Buffer | undefined;
      const read = await readPieces(file, maxBytes, (part) => {
        piece = part;
        return Promise.resolve();
      });
      if (read === undefined || kept.has(read.digest)) return read?.digest;
      made ??= mkdir(folder, { recursive: true, mode: 0o700 });
      await made;
      // A small file has been read already.
      const copied = await copy(folder, (draft) =>
        piece?.length === read.bytes
          ? draft.writeFile(piece).then(() => read)
          : readPieces(file, maxBytes, (part) => draft.writeFile(part)),
      );
      if (copied === undefined) return undefined;
      kept.add(copied.digest);
      addedBytes += copied.bytes;
      return copied.digest;
    },
    async read(digest) {
      const bytes = await readFile(join(folder, digest)).catch(() => undefined);
      if (bytes === undefined) return undefined;
      return createHash('sha256').update(bytes).digest('hex') === digest ? bytes : undefined;
    },
    async sizes() {
      const digests = [...(await names())];
      const sizes = new Map<string, number>();
      for (let start = 0; start < digests.length; start += AT_ONCE) {
        const piece = digests.slice(start, start + AT_ONCE);
        const found = await Promise.all(piece.map((name) => stat(join(folder, name)).catch(() => undefined)));
        piece.forEach((name, index) => found[index] && sizes.set(name, found[index].size));
      }
      return sizes;
    },
    async remove(digest) {
      kept.delete(digest);
      await rm(join(folder, digest), { force: true });
    },
    removeDrafts: async () => removeOld((await list(/^draft-/)).map((name) => join(folder, name))),
  };
}

/** Returns the SHA-256 of everything that a file contains, or undefined if it has more than `maxBytes`. */
export async function hashFile(file: FileHandle, maxBytes: number): Promise<string | undefined> {
  return (await readPieces(file, maxBytes, () => Promise.resolve()))?.digest;
}

/** Removes the drafts whose writers no longer live. */
async function removeOld(paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    const ageMs = Date.now() - (await stat(path).catch(() => ({ mtimeMs: Date.now() }))).mtimeMs;
    if (ageMs > DRAFT_MS) await rm(path, { force: true });
  }
}

interface ReadContent {
  readonly digest: string;
  readonly bytes: number;
}

/** Writes a file, which gets the digest of what was written as its name: what it is made of may change meanwhile. */
async function copy(
  folder: string,
  write: (draft: FileHandle) => Promise<ReadContent | undefined>,
): Promise<ReadContent | undefined> {
  const path = join(folder, createId('draft-'));
  const draft = await open(path, 'wx', 0o600);
  let copied: ReadContent | undefined;
  try {
    copied = await write(draft);
    if (copied !== undefined) await rename(path, join(folder, copied.digest));
    return copied;
  } finally {
    await draft.close();
    if (copied === undefined) await rm(path, { force: true });
  }
}

async function readPieces(
  file: FileHandle,
  maxBytes: number,
  use: (piece: Buffer) => Promise<void>,
): Promise<ReadContent | undefined> {
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafe(Math.min(PIECE_BYTES, (await file.stat()).size + 1));
  for (let bytes = 0; ;) {
    const { bytesRead } = await file.read(buffer, 0, buffer.length, bytes);
    bytes += bytesRead;
    if (bytes > maxBytes) return undefined;
    if (bytesRead > 0) {
      const piece = buffer.subarray(0, bytesRead);
      hash.update(piece);
      await use(piece);
    }
    // A shorter piece is the last one.
    if (bytesRead < buffer.length) return { digest: hash.digest('hex'), bytes };
  }
}
