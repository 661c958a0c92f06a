import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeTokenEntry, encodeTokenEntry, type TokenEntry } from './token-entry.ts';

/** Makes private files. */
export interface PrivateFiles {
  makeFolder(path: string): Promise<void>;
  /** Writes completely or not at all; resolves to false if a file is there that must not be overwritten. */
  write(path: string, text: string, overwrite: boolean): Promise<boolean>;
}

/** A file of the folder that could not be read. */
export interface BrokenToken {
  readonly name: string;
  readonly problem: string;
}

export interface TokenList {
  readonly entries: readonly TokenEntry[];
  readonly broken: readonly BrokenToken[];
}

/** Matches the name of a token. */
export const TOKEN_NAME = /^[A-Za-z0-9._-]{1,64}$/;

const SUFFIX = '.json';

/** Returns the folder with a file for each named token. Files come and go whole, so that nothing has to be locked. */
export function tokenFolder(stateDirectory: string): string {
  return join(stateDirectory, 'tokens');
}

/** Returns the folder of what the tokens have used. */
export function usesFolder(stateDirectory: string): string {
  return join(stateDirectory, 'token-uses');
}

/** Resolves to false if there is a token of that name. */
export async function addToken(folder: string, entry: TokenEntry, files: PrivateFiles): Promise<boolean> {
  await files.makeFolder(folder);
  return await files.write(pathOfToken(folder, entry.name), encodeTokenEntry(entry), false);
}

/** Resolves to false if there is no token of that name. */
export async function removeToken(folder: string, name: string): Promise<boolean> {
  // Anything else would be a path.
  if (!TOKEN_NAME.test(name)) return false;
  try {
    await rm(pathOfToken(folder, name));
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

/** Reads all tokens, oldest first. Rejects if the folder is there and cannot be read. */
export async function readTokens(folder: string): Promise<TokenList> {
  const entries: TokenEntry[] = [];
  const broken: BrokenToken[] = [];
  const names = (await namesIn(folder)).flatMap((file) => nameOfFile(file) ?? []);
  for (const name of names) {
    try {
      entries.push(decodeTokenEntry(name, await readFile(pathOfToken(folder, name), 'utf8')));
    } catch (error) {
      if (!isMissing(error)) broken.push({ name, problem: describeProblem(error) });
    }
  }
  return { entries: entries.toSorted((a, b) => a.created - b.created), broken };
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

/** Returns undefined for a file that is not one of a token, such as one that is being written. */
function nameOfFile(file: string): string | undefined {
  if (!file.endsWith(SUFFIX)) return undefined;
  const name = file.slice(0, -SUFFIX.length);
  return TOKEN_NAME.test(name) ? name : undefined;
}

function pathOfToken(folder: string, name: string): string {
  return join(folder, `${name}${SUFFIX}`);
}

function isMissing(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ENOTDIR';
}

/** Names the system's code or says that the content is wrong; the content itself is not repeated. */
function describeProblem(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'its content is not that of a token';
}
