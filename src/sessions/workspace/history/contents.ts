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
  const list = async (pattern: RegExp) =>
    (await readdir(folder).catch(() => [])).filter((name) => pattern.test(name));
  const names = async () => {
    kept = new Set(await list(/^[0-9a-f]{64}$/));
    return kept;
  };

  return {
    names,
    get addedBytes() {
      return addedBytes;
    },
    async add(file, maxBytes) {
      const digest = await hashFile(file, maxBytes);
      if (digest === undefined || kept.has(digest)) return digest;
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const copied = await copy(file, folder, maxBytes);
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
    async removeDrafts() {
      for (const path of (await list(/^draft-/)).map((name) => join(folder, name))) {
        const age = Date.now() - (await stat(path).catch(() => ({ mtimeMs: Date.now() }))).mtimeMs;
        if (age > DRAFT_MS) await rm(path, { force: true });
      }
    },
  };
}

/** Returns the SHA-256 of everything that a file contains, or undefined if it has more than `maxBytes`. */
export function hashFile(file: FileHandle, maxBytes: number): Promise<string | undefined> {
  return readPieces(file, maxBytes, () => Promise.resolve());
}

interface Copied {
  readonly digest: string;
  readonly bytes: number;
}

/** Copies a file under its digest, which is made of what was copied: the file may change meanwhile. */
async function copy(file: FileHandle, folder: string, maxBytes: number): Promise<Copied | undefined> {
  const draft = join(folder, createId('draft-'));
  try {
    const copied = await open(draft, 'wx', 0o600);
    try {
      const digest = await readPieces(file, maxBytes, async (piece) => copied.writeFile(piece));
      if (digest === undefined) return undefined;
      await rename(draft, join(folder, digest));
      return { digest, bytes: (await copied.stat()).size };
    } finally {
      await copied.close();
    }
  } finally {
    await rm(draft, { force: true });
  }
}

async function readPieces(
  file: FileHandle,
  maxBytes: number,
  use: (piece: Buffer) => Promise<void>,
): Promise<string | undefined> {
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafe(PIECE_BYTES);
  for (let size = 0; ;) {
    const { bytesRead } = await file.read(buffer, 0, PIECE_BYTES, size);
    if (bytesRead === 0) return hash.digest('hex');
    size += bytesRead;
    if (size > maxBytes) return undefined;
    const piece = buffer.subarray(0, bytesRead);
    hash.update(piece);
    await use(piece);
  }
}
