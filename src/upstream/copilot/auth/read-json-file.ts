import { open, type FileHandle } from 'node:fs/promises';
import { isJsonObject, type JsonObject } from '../../../base/json.ts';
import type { CredentialSource } from './credential.ts';
import { unreadableFile } from './sign-in-errors.ts';

/** Maximum bytes of a file with tokens; a longer one is something else. */
const MAX_BYTES = 1024 * 1024;

/**
 * Reads a file with tokens; resolves to undefined without one, and rejects with `copilot_auth_unreadable`. It is read each
 * time: its size and times do not show every change.
 */
export async function readJsonFile(path: string, source: CredentialSource): Promise<JsonObject | undefined> {
  try {
    const file = await open(path, 'r');
    try {
      return parse(await readText(file, source), source);
    } finally {
      await file.close();
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    // The errors of Node contain the path.
    const isOfNode = error instanceof Error && 'errno' in error;
    throw isOfNode ? unreadableFile(source, `the system reports ${code}`) : error;
  }
}

async function readText(file: FileHandle, source: CredentialSource): Promise<string> {
  const { size } = await file.stat();
  if (size > MAX_BYTES) throw unreadableFile(source, 'it is too large');
  return await file.readFile('utf8');
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
