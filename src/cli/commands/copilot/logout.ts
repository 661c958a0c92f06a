import type { Environment, Flags } from '../../../app/config/config.ts';
import { StartupError } from '../../../base/errors.ts';
import type { Terminal } from '../../terminal.ts';

/** Signs out of GitHub Copilot. */
export async function copilotLogout(
  flags: Flags,
  environment: Environment,
  terminal: Terminal,
): Promise<void> {
  void [flags, environment, terminal];
  throw new StartupError('This command does nothing yet.');
}
