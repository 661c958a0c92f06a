import { stat } from 'node:fs/promises';
import { StartupError } from '../../base/errors.ts';

/** Whether the config file, which may hold a token, is its owner's alone. */
export async function checkConfig(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return `there is none at ${path}; init writes one with a token that stays`;
  if ((found.mode & 0o077) === 0) return path;
  throw new StartupError(`others on this machine can read or change ${path}; run chmod 600 on it.`);
}
