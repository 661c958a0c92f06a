import { open } from 'node:fs/promises';
import { isJsonObject, type JsonObject } from '../../../base/json.ts';
import type { CredentialSource } from './credential.ts';
import { unreadableFile } from './sign-in-errors.ts';

/** Maximum bytes of a file with tokens; a longer one is something else. */
const MAX_BYTES = 1024 * 1024;

/** Reads a file that changes seldom, and again when it has changed. */
export interface JsonFileReader {
  /** Resolves to the content, or to undefined without a file; rejects with `copilot_auth_unreadable`. */
  read(): Promise<JsonObject | undefined>;
}

export function createJsonFileReader(path: string, source: CredentialSource): JsonFileReader {
  let last: { readonly stamp: string; readonly content: JsonObject } | undefined;
  return {
    async read() {
      const file = await openIfThere(path, source);
      if (file === undefined) return undefined;
      try {
        const { ino, size, mtimeNs, ctimeNs } = await file.stat({ bigint: true });
        const stamp = `${ino} ${size} ${mtimeNs} ${ctimeNs}`;
        if (last?.stamp === stamp) return last.content;
        if (size > MAX_BYTES) throw unreadableFile(source, 'it is too large');
        const content = parse(await file.readFile('utf8'), source);
        last = { stamp, content };
        return content;
      } catch (error) {
        throw failure(error, source);
      } finally {
        await file.close();
      }
    },
  };
}

async function openIfThere(path: string, source: CredentialSource) {
  try {
    return await open(path, 'r');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw failure(error, source);
  }
}

/** Returns an error without the path that those of Node contain. */
function failure(error: unknown, source: CredentialSource): unknown {
  const { code } = error as NodeJS.ErrnoException;
  const isOfNode = error instanceof Error && 'errno' in error;
  return isOfNode ? unreadableFile(source, `the system reports ${code}`) : error;
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
