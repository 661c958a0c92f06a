import { join, resolve } from 'node:path';
import { findHome, type Environment } from './config.ts';

/** Returns the absolute path of a file or folder that the config file names: relative to its own folder, or with a `~`. */
export function findConfiguredPath(path: string, configFolder: string, environment: Environment): string {
  return path.startsWith('~/') ? join(findHome(environment), path.slice(2)) : resolve(configFolder, path);
}
