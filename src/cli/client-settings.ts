import { formatOrigin } from '../app/config/address.ts';
import type { Environment, Flags } from '../app/config/config.ts';
import { ownCommand } from '../app/config/own-command.ts';
import type { RunningRecord } from '../app/gateways/running-gateways.ts';
import { findTarget, requireToken, type Target } from '../app/gateways/find-target.ts';
import { StartupError } from '../base/errors.ts';

/** Facts for a client of the running gateway, or of the configured one if none runs. */
export interface ClientSettings extends Target {
  readonly origin: string;
  readonly token: string;
  /** A running gateway that uses the address with another token. */
  readonly holder?: RunningRecord | undefined;
}

export async function readClientSettings(flags: Flags, environment: Environment): Promise<ClientSettings> {
  const target = await findTarget(flags, environment);
  requireToken(target);
  const { settings } = target;
  const { host, port, token, configPath } = settings;
  if (token) return { ...target, origin: formatOrigin(host, port), token: token.value };
  throw new StartupError(
    `No token is configured in ${configPath}; run \`${ownCommand(environment).usual} init\` or start the gateway, or set CODEX_GATEWAY_TOKEN.`,
  );
}
