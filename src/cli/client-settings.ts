import { formatOrigin } from '../app/config/address.ts';
import type { Environment, Flags } from '../app/config/config.ts';
import { requireToken } from '../app/gateways/find-target.ts';
import { ownCommand } from '../app/config/own-command.ts';
import type { RunningRecord } from '../app/gateways/running-gateways.ts';
import { findTarget, type Target } from '../app/gateways/find-target.ts';
import { StartupError } from '../base/errors.ts';

/** What a client of the running gateway, or else of the configured one, needs to know. */
export interface ClientSettings extends Target {
  readonly origin: string;
  readonly token: string;
  /** A gateway that holds the address, with another token. */
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
