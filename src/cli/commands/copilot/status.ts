import type { Environment, Flags } from '../../../app/config/config.ts';
import { StartupError } from '../../../base/errors.ts';
import type { Terminal } from '../../terminal.ts';

/** Prints who is signed in to GitHub Copilot, and what is wrong. */
export async function copilotStatus(
  flags: Flags,
  environment: Environment,
  terminal: Terminal,
): Promise<void> {
  void [flags, environment, terminal];
  throw new StartupError('This command does nothing yet.');
}
