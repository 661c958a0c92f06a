import { dirname, join, resolve } from 'node:path';
import { findHome, type Environment, type Settings } from './config.ts';

/** Returns the absolute path of a file or folder that the config file names: relative to its own folder, or with a `~`. */
export function findConfiguredPath(path: string, configFolder: string, environment: Environment): string {
  return path.startsWith('~/') ? join(findHome(environment), path.slice(2)) : resolve(configFolder, path);
}

/** Returns the path of the file with GitHub's token; undefined if the config file names none. */
export function findGitHubTokenFile(
  { tools, configPath }: Pick<Settings, 'tools' | 'configPath'>,
  environment: Environment,
): string | undefined {
  const { tokenFile } = tools.github;
  return tokenFile && findConfiguredPath(tokenFile, dirname(configPath), environment);
}
