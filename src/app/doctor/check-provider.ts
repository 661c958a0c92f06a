import { StartupError } from '../../base/errors.ts';
import { refuseOwnAddress, type Codex } from '../codex/codex-setup.ts';
import type { Environment, Settings } from '../config/config.ts';
import type { Status } from '../codex/status.ts';

export interface ProviderCheck {
  readonly codex: Codex;
  readonly settings: Settings;
  readonly environment: Environment;
  /** Of the gateway that runs, which has an environment of its own. */
  readonly status: Status | undefined;
}

/** Whether the provider is declared, is not the gateway itself, and has its key. */
export function checkProvider({ codex, settings, environment, status }: ProviderCheck): string {
  refuseOwnAddress(codex, settings.port);
  const { id, config } = codex.engine.provider;
  const key = config.env_key;
  if (!status && key !== undefined && !environment[key]) {
    throw new StartupError(`the provider '${id}' takes its key from ${key}, which is not set; export it.`);
  }
  if (status && status.provider !== id) {
    throw new StartupError(
      `the gateway that runs serves the provider '${status.provider}', but '${id}' is configured; start it again.`,
    );
  }
  if (id === 'openai' || settings.models.length > 0) return id;
  return `${id}; Codex lists only OpenAI's models, so name this provider's under "models" in the config file`;
}
