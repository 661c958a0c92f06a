import { open, stat, type FileHandle } from 'node:fs/promises';
import { sleep } from '../../base/async/sleep.ts';
import { rotatedPath } from './rotating-log.ts';

/** The end of a log. */
export interface LogEnd {
  readonly lines: readonly string[];
  /** Bytes of the current file up to the end of the last line. */
  readonly position: number;
}

const BLOCK_BYTES = 64 * 1024;

/** Maximum bytes that are read of each file. */
const MAX_BYTES = 32 * 1024 * 1024;

const INTERVAL_MS = 200;

const NEW_LINE = 10;

/** Returns the last lines of a log, also from its earlier files; undefined if there is no log. */
export async function readLogEnd(path: string, count: number): Promise<LogEnd | undefined> {
  const newestFirst: (readonly string[])[] = [];
  let missing = count;
  let position: number | undefined;
  for (let age = 0; age === 0 || missing > 0; age += 1) {
    const end = await readFileEnd(rotatedPath(path, age), missing);
    if (end === undefined) break;
    newestFirst.push(end.lines);
    missing -= end.lines.length;
    position ??= end.position;
  }
  return position === undefined ? undefined : { lines: newestFirst.toReversed().flat(), position };
}

/** Yields the lines that are written behind a position, until the signal aborts. */
export async function* followLog(
  path: string,
  position: number,
  signal: AbortSignal,
): AsyncGenerator<string> {
  let rest = Buffer.alloc(0);
  let from = position;
  let seen = await describeRotation(path);
  while (!signal.aborted) {
    const now = await describeRotation(path);
    const size = (await stat(path).catch(() => undefined))?.size ?? 0;
    const isRotated = size < from || now !== seen;
    const parts = isRotated
      ? [await readFrom(rotatedPath(path, 1), from), await readFrom(path, 0)]
      : [await readFrom(path, from)];
    seen = now;
    from = (isRotated ? 0 : from) + parts.at(-1)!.length;
    const bytes = Buffer.concat([rest, ...parts]);
    const end = bytes.lastIndexOf(NEW_LINE) + 1;
    rest = bytes.subarray(end);
    yield* splitLines(bytes.subarray(0, end));
    await sleep(INTERVAL_MS, signal).catch(() => {});
  }
}

/** Returns a text that changes with each rotation. */
async function describeRotation(path: string): Promise<string> {
  const stats = await stat(rotatedPath(path, 1)).catch(() => undefined);
  return stats === undefined ? '' : `${stats.ino} ${stats.mtimeMs} ${stats.size}`;
}

async function readFileEnd(path: string, count: number): Promise<LogEnd | undefined> {
  return await withFile(path, async (file) => {
    const { size } = await file.stat();
    let bytes = Buffer.alloc(0);
    let from = size;
    // One line break more than lines, because the first one ends the line before them.
    while (from > 0 && bytes.length < MAX_BYTES && countBreaks(bytes) <= count) {
      const length = Math.min(BLOCK_BYTES, from);
      from -= length;
      bytes = Buffer.concat([await readBlock(file, from, length), bytes]);
    }
    const end = bytes.lastIndexOf(NEW_LINE) + 1;
    const lines = splitLines(bytes.subarray(0, end));
    return { lines: count === 0 ? [] : lines.slice(-count), position: from + end };
  });
}

function countBreaks(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(NEW_LINE); at !== -1; at = bytes.indexOf(NEW_LINE, at + 1)) count += 1;
  return count;
}

/** Reads the bytes of a file from a position on. */
async function readFrom(path: string, from: number): Promise<Buffer> {
  const bytes = await withFile(path, async (file) => {
    const { size } = await file.stat();
    return size <= from ? Buffer.alloc(0) : await readBlock(file, from, Math.min(size - from, MAX_BYTES));
  });
  return bytes ?? Buffer.alloc(0);
}

async function readBlock(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}

/** Resolves to undefined if the file does not exist. */
async function withFile<T>(path: string, use: (file: FileHandle) => Promise<T>): Promise<T | undefined> {
  let file: FileHandle;
  try {
    file = await open(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return await use(file);
  } finally {
    await file.close();
  }
}

function splitLines(bytes: Buffer): string[] {
  const text = bytes.toString();
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}
