import { loginFile } from '../../codex/home/private-home.ts';
import { findCodexHome, serviceEnvironmentFile, type Environment, type Settings } from '../config/config.ts';
import { findGitHubTokenFile } from '../config/configured-path.ts';
import { copilotFiles } from './check-copilot.ts';

/** Returns the paths of files with secrets that do not lie in the state folder. */
export async function findSecrets(settings: Settings, environment: Environment): Promise<string[]> {
  const login = loginFile(await findCodexHome(environment).catch(() => settings.stateDirectory));
  const github = findGitHubTokenFile(settings, environment);
  const others = [serviceEnvironmentFile(environment), ...(github === undefined ? [] : [github])];
  return [login, ...copilotFiles(settings, environment), ...others];
}
