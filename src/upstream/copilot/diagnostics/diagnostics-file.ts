import { constants } from 'node:fs';
import { mkdir, open, rename, stat, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';

/** A file that grows by lines, and is rotated at a size. */
export interface DiagnosticsFile {
  /** Adds a line, which is made when its turn comes. Returns at once, and never throws. */
  append(line: () => string, sizeBytes: number): void;
  /** Resolves when all lines are written or lost. */
  close(): Promise<void>;
}

export interface DiagnosticsFileOptions {
  readonly file: string;
  /** Bytes at which the file is renamed to `FILE.1`, in place of the one before. */
  readonly maxFileBytes: number;
  /** Called once, with the first error for which lines are lost. */
  onLost(error: unknown): void;
}

/** Opens a pipe without waiting for its reader, for which the end of the process would wait, too. Windows has no such flag. */
const APPEND =
  constants.O_WRONLY |
  constants.O_CREAT |
  constants.O_APPEND |
  ((constants.O_NONBLOCK as number | undefined) ?? 0);

/** Maximum bytes that wait for a slow disk; further lines are lost. */
const MAX_WAITING_BYTES = 64 * 1024 * 1024;

interface WaitingLine {
  readonly make: () => string;
  readonly sizeBytes: number;
}

export function createDiagnosticsFile(options: DiagnosticsFileOptions): DiagnosticsFile {
  let waiting: WaitingLine[] = [];
  let waitingBytes = 0;
  let writing: Promise<void> | undefined;
  let hasLost = false;

  function lose(error: unknown): void {
    if (!hasLost) options.onLost(error);
    hasLost = true;
  }

  function makeLine({ make }: WaitingLine): Buffer {
    try {
      return Buffer.from(`${make()}\n`);
    } catch (error) {
      lose(error);
      return Buffer.alloc(0);
    }
  }

  async function writeAll(): Promise<void> {
    // Waits, so that the request goes on first.
    await new Promise((resolve) => setImmediate(resolve));
    while (waiting.length > 0) {
      const lines = waiting;
      waiting = [];
      waitingBytes = 0;
      try {
        await appendLines(lines.map(makeLine), options);
      } catch (error) {
        lose(error);
      }
    }
    writing = undefined;
  }

  return {
    append(make, sizeBytes) {
      if (waitingBytes + sizeBytes > MAX_WAITING_BYTES && waiting.length > 0) {
        lose(new Error('the disk is too slow'));
        return;
      }
      waiting.push({ make, sizeBytes });
      waitingBytes += sizeBytes;
      writing ??= writeAll();
    },
    async close() {
      await writing;
    },
  };
}

/** Appends lines in their order, to as many files as they need. */
async function appendLines(
  lines: readonly Buffer[],
  { file, maxFileBytes }: DiagnosticsFileOptions,
): Promise<void> {
  let from = 0;
  while (from < lines.length) {
    await using handle = await openPrivate(file);
    const stats = await handle.stat();
    // A device or pipe has no size, and stays what it is.
    const size = stats.isFile() ? stats.size : 0;
    const to = endOfFitting(lines, from, stats.isFile() ? maxFileBytes - size : Infinity);
    if (to === from && size > 0) await rename(file, `${file}.1`);
    else {
      const end = Math.max(to, from + 1);
      await write(handle, Buffer.concat(lines.slice(from, end)), size);
      from = end;
    }
  }
}

/** Returns the index behind the last of the lines that fit into some bytes. */
function endOfFitting(lines: readonly Buffer[], from: number, bytes: number): number {
  let left = bytes;
  let index = from;
  for (; index < lines.length; index += 1) {
    left -= lines[index]?.length ?? 0;
    if (left < 0) break;
  }
  return index;
}

/** Writes bytes at the end, or nothing: half a line would spoil the next one. */
async function write(handle: FileHandle, bytes: Buffer, size: number): Promise<void> {
  try {
    await handle.appendFile(bytes);
  } catch (error) {
    await handle.truncate(size).catch(() => {});
    throw error;
  }
}

/** Opens a file that only its owner can read, with its folder. */
async function openPrivate(file: string): Promise<FileHandle> {
  const handle = await openOrMakeFolder(file);
  try {
    const stats = await handle.stat();
    if (stats.isFile() && (stats.mode & 0o077) !== 0) await handle.chmod(0o600);
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function openOrMakeFolder(file: string): Promise<FileHandle> {
  try {
    return await open(file, APPEND, 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    await makeFolder(dirname(file));
    return await open(file, APPEND, 0o600);
  }
}

/** Makes a folder and its parents one by one, since Node's recursive option never ends below /proc. */
async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { mode: 0o700 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const parent = dirname(folder);
    if (code === 'ENOENT' && parent !== folder) {
      await makeFolder(parent);
      await mkdir(folder, { mode: 0o700 });
    } else if (!(await isFolder(folder))) throw error;
  }
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
}
