import { readFile, stat } from 'node:fs/promises';
import { isJsonObject, type JsonObject } from '../../../base/json.ts';
import type { CredentialSource } from './credential.ts';
import { unreadableFile } from './sign-in-errors.ts';

/** Reads a file with tokens; resolves to undefined without one, and rejects with `copilot_auth_unreadable`. */
export type JsonFileReader = () => Promise<JsonObject | undefined>;

interface Reading {
  /** Differs after every change of the file that comes later than the reading. */
  readonly stamp: string;
  readonly content: JsonObject;
}

/** Maximum bytes of a file with tokens; a longer one is something else. */
const MAX_BYTES = 1024 * 1024;
/** Milliseconds within which two changes of a file may have the same time, on any file system. */
const CLOCK_TICK_MS = 2_000;

/** Creates the reader of a file that is needed for each request and changes seldom. */
export function createJsonFileReader(path: string, source: CredentialSource): JsonFileReader {
  let last: Reading | undefined;
  return async () => {
    try {
      const stats = await stat(path, { bigint: true });
      // The reading of a pipe or a device may never end.
      if (!stats.isFile()) throw unreadableFile(source, 'it is not a file');
      const { ino, size, mtimeNs, ctimeNs, ctimeMs } = stats;
      const stamp = [ino, size, mtimeNs, ctimeNs].join(' ');
      if (last?.stamp === stamp) return last.content;
      if (size > MAX_BYTES) throw unreadableFile(source, 'it is too large');
      const content = parse(await readFile(path, 'utf8'), source);
      // A file that has just been written may be written again without another stamp.
      last = Date.now() - Number(ctimeMs) > CLOCK_TICK_MS ? { stamp, content } : undefined;
      return content;
    } catch (error) {
      last = undefined;
      return ifThere(error, source);
    }
  };
}

/** Returns undefined if there is no file; throws the error for the others, without the path that Node's contain. */
function ifThere(error: unknown, source: CredentialSource): undefined {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR') return;
  throw error instanceof Error && 'errno' in error
    ? unreadableFile(source, `the system reports ${code}`)
    : error;
}

function parse(text: string, source: CredentialSource): JsonObject {
  try {
    const content: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    if (isJsonObject(content)) return content;
  } catch {
    // The error of JSON.parse quotes the text.
  }
  throw unreadableFile(source, 'it is not a JSON object');
}
