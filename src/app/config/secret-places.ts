import type { Environment, Settings } from './config.ts';
import { findGitHubTokenFile } from './configured-path.ts';

/** Returns the gateway's own files and folders with secrets, which neither a tool nor an agent reads. */
export function secretPlaces(
  settings: Pick<Settings, 'tools' | 'configPath' | 'stateDirectory'>,
  environment: Environment,
): string[] {
  const tokenFile = findGitHubTokenFile(settings, environment);
  return [settings.stateDirectory, settings.configPath, ...(tokenFile === undefined ? [] : [tokenFile])];
}
