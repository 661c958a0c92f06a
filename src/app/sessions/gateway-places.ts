import { existsSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { dirname } from 'node:path';
import { findUsualConfig, type Environment, type Settings } from '../config/config.ts';
import { findGitHubTokenFile } from '../config/configured-path.ts';
import { secretPlaces } from '../config/secret-places.ts';

/**
 * Returns the places on disk that are the gateway's own, which no agent may read or write: its state, the folder of its
 * configuration, a config file that is somewhere else, and the file with GitHub's token. Links are named together with their targets.
 */
export async function gatewayPlaces(
  settings: Pick<Settings, 'stateDirectory' | 'configPath' | 'tools'>,
  environment: Environment,
): Promise<readonly string[]> {
  const token = findGitHubTokenFile(settings, environment);
  const secrets = secretPlaces(settings, environment).filter((path) => path !== token || existsSync(path));
  return await withTargets([settings.stateDirectory, dirname(findUsualConfig(environment)), ...secrets]);
}

/** Returns the folder of the files that messages bring. Commands of the agent may read them, and nothing of the state folder. */
export function attachmentsFolder({ stateDirectory }: Pick<Settings, 'stateDirectory'>): string {
  return `${stateDirectory}-attachments`;
}

/** Returns paths together with those that they lead to. */
export async function withTargets(named: readonly string[]): Promise<readonly string[]> {
  return [...new Set([...named, ...(await resolveLinks(named))])];
}

/** Returns places without links, as the sandbox of Codex needs them: it cannot be set up to hide a link. */
export async function resolveLinks(places: readonly string[]): Promise<readonly string[]> {
  return [...new Set(await Promise.all(places.map(async (path) => await realpath(path).catch(() => path))))];
}
