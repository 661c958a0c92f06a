import { readSettings, type Environment, type Flags } from '../../../app/config/config.ts';
import { readCopilotToken } from '../../../app/copilot/copilot-login.ts';
import type { Terminal } from '../../terminal.ts';
import { untilStopped } from '../../until-stopped.ts';

/** Prints the token that is sent to Copilot, without a line break, and nothing else. */
export async function printCopilotToken(
  flags: Flags,
  environment: Environment,
  terminal: Terminal,
): Promise<void> {
  const settings = await readSettings(flags, environment);
  terminal.write(
    await untilStopped('Stopped.', (signal) => readCopilotToken({ settings, environment, signal })),
  );
}
