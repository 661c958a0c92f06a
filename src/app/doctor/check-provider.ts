import { StartupError } from '../../base/errors.ts';
import { refuseOwnAddress, type Codex } from '../codex-setup.ts';
import type { Environment, Settings } from '../config.ts';
import { asFinding } from './as-finding.ts';
import type { Finding } from './finding.ts';

export interface ProviderCheck {
  readonly settings: Settings;
  readonly environment: Environment;
  /** Whether a gateway runs, which has an environment of its own. */
  readonly running: boolean;
  prepare(): Promise<Codex>;
}

/** Whether the provider is declared, is not the gateway itself, and has its key. */
export async function checkProvider(check: ProviderCheck): Promise<Finding> {
  const { settings, environment, running, prepare } = check;
  return await asFinding('provider', async () => {
    const codex = await prepare();
    refuseOwnAddress(codex, settings.port);
    const { id, config } = codex.engine.provider;
    const key = config.env_key;
    if (!running && key !== undefined && !environment[key]) {
      throw new StartupError(`the provider '${id}' takes its key from ${key}, which is not set; export it.`);
    }
    return id;
  });
}
