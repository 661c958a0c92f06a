import { stat } from 'node:fs/promises';

/** Tells which config file is in use; its mode is looked at among the other private files. */
export async function checkConfig(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  return found === undefined ? `there is none at ${path}, and none is needed; init writes one` : path;
}
