import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StartupError } from '../../base/errors.ts';
import type { Settings } from './config.ts';
import { makePrivateFolder, writePrivateFile } from '../files/private-files.ts';
import { checkToken, generateToken } from './token.ts';

/** Returns the path of the token that starts without a configured one share. */
function stateTokenPath(stateDirectory: string): string {
  return join(stateDirectory, 'token');
}

/** Returns the token that the state folder keeps; undefined if it keeps none. */
export async function readStateToken(stateDirectory: string): Promise<Settings['token']> {
  const path = stateTokenPath(stateDirectory);
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw new StartupError(`The token file ${path} cannot be read (${error.code}).`);
  });
  return text === undefined ? undefined : { value: checkToken(text.trim(), path), source: 'state', path };
}

/** Adds the token of the state folder to settings that have none; the first start makes it. */
export async function withStateToken(settings: Settings): Promise<Settings> {
  if (settings.token) return settings;
  const { stateDirectory } = settings;
  const kept = await readStateToken(stateDirectory);
  if (kept) return { ...settings, token: kept };
  await makePrivateFolder(stateDirectory);
  // Of several that start at once, one writes the file and all read it.
  const path = stateTokenPath(stateDirectory);
  await writePrivateFile(path, `${generateToken()}\n`, false).catch((error: NodeJS.ErrnoException) => {
    throw new StartupError(
      `The token cannot be saved in ${path} (${error.code}); fix that, or pass one with --token-file.`,
      { cause: error },
    );
  });
  return { ...settings, token: await readStateToken(stateDirectory) };
}
