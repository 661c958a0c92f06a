import { stat } from 'node:fs/promises';
import type { OwnCommand } from '../config/own-command.ts';

/** Tells which config file is in use; its mode is looked at among the other private files. */
export async function checkConfig(path: string, command: OwnCommand): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  if (found !== undefined) return path;
  return `there is none at ${path}, and none is needed; \`${command.usual} init\` writes one`;
}
