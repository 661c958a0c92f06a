import { StartupError } from '../../base/errors.ts';
import { formatFlags, launchFlags } from '../background/launch-flags.ts';
import type { Environment, Flags } from '../config/config.ts';
import { ownCall, ownCommand } from '../config/own-command.ts';
import { describeLaunchd } from './launchd.ts';
import type { ServiceManager } from './service-manager.ts';
import { describeSystemd } from './systemd.ts';

export interface FindManagerOptions {
  readonly flags: Flags & { readonly demo?: boolean };
  readonly environment: Environment;
  /** Names of variables from which the provider of Codex gets its key and headers. */
  readonly providerVariables?: readonly string[];
  /** As in `process.platform`. */
  readonly platform: string;
  readonly signal: AbortSignal;
}

/** Returns what runs services on this machine. */
export function findServiceManager({
  flags,
  environment,
  providerVariables = [],
  platform,
  signal,
}: FindManagerOptions): ServiceManager {
  const [program, script] = ownCall();
  const { usual } = ownCommand(environment);
  if (script.includes('/_npx/')) {
    throw new StartupError(
      'npx keeps the gateway only for a while; install it with `npm install --global`, and install the service then.',
    );
  }
  const command = [program, script, 'serve', ...formatFlags(launchFlags(flags))];
  const options = { command, environment, providerVariables, signal };
  if (platform === 'darwin') return describeLaunchd(options);
  if (platform === 'linux') return describeSystemd(options);
  throw new StartupError(
    `Services are supported with systemd and launchd only; \`${usual} start\` works here, too.`,
  );
}
