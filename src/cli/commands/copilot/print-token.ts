import type { Environment, Flags } from '../../../app/config/config.ts';
import { StartupError } from '../../../base/errors.ts';
import type { Terminal } from '../../terminal.ts';

/** Prints the token that is sent to Copilot, and nothing else. */
export async function printCopilotToken(
  flags: Flags,
  environment: Environment,
  terminal: Terminal,
): Promise<void> {
  void [flags, environment, terminal];
  throw new StartupError('This command does nothing yet.');
}
