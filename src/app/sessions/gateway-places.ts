import { realpath } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { Settings } from '../config/config.ts';

/**
 * Returns the places on disk that are the gateway's own, which no agent may read or write: its state, and its config file with
 * the folder around it, unless that is a folder of something else. Links are named together with their targets.
 */
export async function gatewayPlaces({
  stateDirectory,
  configPath,
}: Pick<Settings, 'stateDirectory' | 'configPath'>): Promise<readonly string[]> {
  const folder = dirname(configPath);
  const named = [stateDirectory, basename(folder) === 'codex-gateway' ? folder : configPath];
  const real = await Promise.all(named.map(async (path) => await realpath(path).catch(() => path)));
  return [...new Set([...named, ...real])];
}
