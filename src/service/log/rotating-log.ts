import { copyFile, open, rename, rm, stat, truncate, type FileHandle } from 'node:fs/promises';

/** A log that is kept in files of limited size. */
export interface RotatingLog {
  /** Appends bytes or the first part of them. Resolves to the number of written bytes, or to the code of an error. */
  write(bytes: Buffer): Promise<number | string>;
  close(): Promise<void>;
}

export interface RotatingLogOptions {
  readonly path: string;
  /** Maximum bytes of a file; only a line that is longer by itself makes a longer file. */
  readonly maxBytes: number;
  /** Maximum number of files, the one that is written to included. */
  readonly files: number;
}

/**
 * Opens a log that is copied and emptied at its size, not renamed: the process's own standard error leads to the same
 * file, and cannot be led to another one. A file that somebody else removes or renames is made again.
 */
export function createRotatingLog(options: RotatingLogOptions): RotatingLog {
  const { path, maxBytes } = options;
  let handle: FileHandle | undefined;

  async function openCurrent(): Promise<{ readonly file: FileHandle; readonly size: number }> {
    const there = await stat(path).catch(() => undefined);
    if (handle !== undefined) {
      const own = await handle.stat();
      if (there?.ino === own.ino && there.dev === own.dev) return { file: handle, size: own.size };
      await handle.close();
      handle = undefined;
    }
    handle = await open(path, 'a', 0o600);
    return { file: handle, size: (await handle.stat()).size };
  }

  async function append(bytes: Buffer): Promise<number> {
    let { file, size } = await openCurrent();
    let length = fittingLength(bytes, maxBytes - size);
    if (length === 0 && size > 0) {
      await rotateLog(options);
      ({ file, size } = await openCurrent());
      length = fittingLength(bytes, maxBytes - size);
    }
    if (length === 0) length = bytes.indexOf(NEW_LINE) + 1 || bytes.length;
    return (await file.write(bytes, 0, length)).bytesWritten;
  }

  return {
    async write(bytes) {
      try {
        return await append(bytes);
      } catch (error) {
        return (error as NodeJS.ErrnoException).code ?? String(error);
      }
    },
    async close() {
      await handle?.close();
      handle = undefined;
    },
  };
}

const NEW_LINE = 10;

/** Returns the number of bytes that fit: all, or those up to the end of a line. */
function fittingLength(bytes: Buffer, space: number): number {
  if (bytes.length <= space) return bytes.length;
  return space <= 0 ? 0 : bytes.lastIndexOf(NEW_LINE, space - 1) + 1;
}

/** Returns the path of the file that was current so many rotations ago. */
export function rotatedPath(path: string, age: number): string {
  return age === 0 ? path : `${path}.${age}`;
}

/**
 * Empties the log and keeps its content in a file beside it. If that fails, for lack of space for example, the content
 * is lost: what must not happen is that the log grows on.
 */
async function rotateLog({ path, files }: RotatingLogOptions): Promise<void> {
  // Files beyond a number that was reduced go too.
  for (let age = files; await isThere(rotatedPath(path, age)); age += 1) {
    await rm(rotatedPath(path, age), { force: true });
  }
  for (let age = files - 1; age > 1; age -= 1) {
    await rename(rotatedPath(path, age - 1), rotatedPath(path, age)).catch(() => {});
  }
  if (files > 1) await keepCopy(path, rotatedPath(path, 1));
  await truncate(path);
}

async function keepCopy(path: string, copy: string): Promise<void> {
  try {
    await copyFile(path, copy);
  } catch {
    await rm(copy, { force: true }).catch(() => {});
  }
}

async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() ?? false;
}
