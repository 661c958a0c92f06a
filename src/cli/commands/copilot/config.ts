import { resolve } from 'node:path';
import { formatOrigin } from '../../../app/config/address.ts';
import {
  isAddressNamed,
  isConfigNamed,
  type Environment,
  type Flags,
  type Settings,
} from '../../../app/config/config.ts';
import { ownCall } from '../../../app/config/own-command.ts';
import { formatProfile, writeProfile } from '../../../app/copilot/codex-profile.ts';
import { findCopilotDefault } from '../../../app/copilot/find-default-model.ts';
import { findTarget } from '../../../app/gateways/find-target.ts';
import { StartupError } from '../../../base/errors.ts';
import type { Terminal } from '../../terminal.ts';
import { untilStopped } from '../../until-stopped.ts';

export interface CopilotConfigFlags extends Flags {
  readonly write?: boolean;
}

/** Prints or writes the profile with which Codex CLI uses Copilot. */
export async function copilotConfig(
  flags: CopilotConfigFlags,
  environment: Environment,
  terminal: Terminal,
): Promise<void> {
  if (flags.token !== undefined) {
    throw new StartupError(
      'The profile of Codex contains no token; pass --token-file instead of --token, or set CODEX_GATEWAY_TOKEN.',
    );
  }
  const { settings } = await findTarget(flags, environment);
  const { host, port, copilot, configPath } = settings;
  if (!copilot.enabled) {
    throw new StartupError(`The gateway does not serve Copilot: ${configPath} has copilot.enabled: false.`);
  }
  if (port === 0) {
    throw new StartupError('The profile of Codex names a port, and 0 is any port; pass one with --port.');
  }
  const { id: model, problem } = await untilStopped('Stopped.', (signal) =>
    findCopilotDefault({ settings, environment, signal }),
  );
  if (problem !== undefined) {
    terminal.complain(`The models of your account cannot be read, so the profile names ${model}: ${problem}`);
  }
  const profile = formatProfile({
    origin: formatOrigin(host, port),
    model,
    tokenCommand: [...ownCall(), ...tokenFlags(flags, settings, environment), 'token'],
  });
  if (!flags.write) {
    terminal.write(profile);
    return;
  }
  const { path, isNew } = await writeProfile(profile, environment);
  terminal.print(
    `${isNew ? 'Wrote' : 'Nothing to change in'} ${path}\nStart Codex with it: codex --profile copilot`,
  );
}

/** Returns the flags with which `token` prints the token of the same gateway, wherever Codex calls it. */
function tokenFlags(flags: Flags, { configPath, host, port }: Settings, environment: Environment): string[] {
  const { tokenFile } = flags;
  return [
    ...(isConfigNamed(flags, environment) ? ['--config', configPath] : []),
    ...(isAddressNamed(flags, environment) ? ['--host', host, '--port', String(port)] : []),
    ...(tokenFile === undefined ? [] : ['--token-file', resolve(tokenFile)]),
  ];
}
