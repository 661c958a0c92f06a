import { formatOrigin } from '../app/address.ts';
import { readSettings, type Environment, type Flags, type Settings } from '../app/config.ts';
import { StartupError } from '../base/errors.ts';

/** What a client of the configured gateway needs to know. */
export interface ClientSettings {
  readonly origin: string;
  readonly token: string;
  readonly settings: Settings;
}

export async function readClientSettings(flags: Flags, environment: Environment): Promise<ClientSettings> {
  const settings = await readSettings(flags, environment);
  if (!settings.token) {
    throw new StartupError(
      `No token is configured in ${settings.configPath}; run init, or set CODEX_GATEWAY_TOKEN.`,
    );
  }
  return { origin: formatOrigin(settings.host, settings.port), token: settings.token.value, settings };
}
