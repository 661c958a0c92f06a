import { readSettings, type Environment, type Flags } from '../../../app/config/config.ts';
import { logOutOfCopilot } from '../../../app/copilot/copilot-login.ts';
import type { Terminal } from '../../terminal.ts';
import { untilStopped } from '../../until-stopped.ts';

/** Removes the login that `copilot login` made, and says which other one is used now. */
export async function copilotLogout(
  flags: Flags,
  environment: Environment,
  terminal: Terminal,
): Promise<void> {
  const settings = await readSettings(flags, environment);
  const { hadLogin, path, other } = await untilStopped('Stopped.', (signal) =>
    logOutOfCopilot({ settings, environment, signal }),
  );
  terminal.print(
    hadLogin
      ? `Signed out of GitHub Copilot: ${path} contains no token any more. A running gateway notices at its next request.`
      : `Nobody was signed in to GitHub Copilot with ${path}.`,
  );
  if (other !== undefined) terminal.print(`GitHub Copilot can still be used, with the token of ${other}.`);
}
