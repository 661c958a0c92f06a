import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

/** Codings in which a file can be sent, in the order of preference. */
export const CODINGS = ['br', 'gzip', 'identity'] as const;

type Coding = (typeof CODINGS)[number];

/** A file of the built page. */
export interface BuiltFile {
  /** Changes with the content. */
  readonly etag: string;
  /** True if it is too small for a coding to be worth it. */
  readonly isSmall: boolean;
  /** Resolves to its bytes in a coding; each is made once. */
  encode(coding: Coding): Promise<Buffer>;
}

/** Bytes below which a file is sent as it is. */
const SMALL_BYTES = 1_000;

const COMPRESS = {
  br: promisify(brotliCompress),
  gzip: promisify(gzip),
};

/** High enough for a third of the size, and low enough to be done in some milliseconds. */
const OPTIONS = { params: { [constants.BROTLI_PARAM_QUALITY]: 6 } };

/** Reads files when they are first asked for, and keeps them until they change on the disk. Rejects for one that is not there. */
export function createBuiltFiles(): (path: string) => Promise<BuiltFile> {
  const kept = new Map<string, { readonly version: string; readonly file: BuiltFile }>();
  return async (path) => {
    const { mtimeMs, size } = await stat(path);
    const version = `${mtimeMs} ${size}`;
    const found = kept.get(path);
    if (found?.version === version) return found.file;
    const file = describe(await readFile(path));
    kept.set(path, { version, file });
    return file;
  };
}

function describe(bytes: Buffer): BuiltFile {
  const made = new Map<Coding, Promise<Buffer>>();
  return {
    isSmall: bytes.length < SMALL_BYTES,
    etag: `W/"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`,
    async encode(coding) {
      if (coding === 'identity') return bytes;
      const known = made.get(coding) ?? COMPRESS[coding](bytes, OPTIONS);
      made.set(coding, known);
      return await known;
    },
  };
}
