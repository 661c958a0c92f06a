import { StartupError } from '../../base/errors.ts';
import { selectProvider, variablesOf } from '../../codex/home/provider.ts';
import { SYSTEM_FOLDER } from '../../codex/home/system-config.ts';
import { readUserConfig } from '../../codex/home/user-config.ts';
import { findCodexHome, type Environment, type Settings } from '../config/config.ts';

/**
 * Returns the names of variables from which the provider of Codex gets its key and headers; none if Codex's configuration
 * cannot be used, which the start reports.
 */
export async function readProviderVariables(
  { provider }: Settings,
  environment: Environment,
): Promise<readonly string[]> {
  try {
    const user = await readUserConfig(await findCodexHome(environment), SYSTEM_FOLDER);
    return variablesOf(selectProvider(user, provider, environment));
  } catch (error) {
    if (error instanceof StartupError) return [];
    throw error;
  }
}
