import { formatOrigin } from '../app/address.ts';
import type { Environment, Flags } from '../app/config.ts';
import { ownCommand } from '../app/own-command.ts';
import { findTarget, type Target } from '../app/find-target.ts';
import { StartupError } from '../base/errors.ts';

/** What a client of the running gateway, or else of the configured one, needs to know. */
export interface ClientSettings extends Target {
  readonly origin: string;
  readonly token: string;
}

export async function readClientSettings(flags: Flags, environment: Environment): Promise<ClientSettings> {
  const target = await findTarget(flags, environment);
  const { settings, running } = target;
  const { host, port, token, configPath } = settings;
  if (token) return { ...target, origin: formatOrigin(host, port), token: token.value };
  if (running) {
    throw new StartupError(
      `The gateway on port ${port} (pid ${running.pid}) was started with a token that is kept nowhere; give the same one with --token or CODEX_GATEWAY_TOKEN.`,
    );
  }
  throw new StartupError(
    `No token is configured in ${configPath}; run \`${ownCommand(environment).usual} init\` or start the gateway, or set CODEX_GATEWAY_TOKEN.`,
  );
}
