import { readSettings, type Environment, type Flags } from '../../../app/config/config.ts';
import { ownCommand } from '../../../app/config/own-command.ts';
import { logInToCopilot } from '../../../app/copilot/copilot-login.ts';
import { showWaiting } from '../../show-waiting.ts';
import type { Terminal } from '../../terminal.ts';
import { untilStopped } from '../../until-stopped.ts';

/** Exit code of a program that Ctrl-C has ended. */
const INTERRUPTED = 130;

/** Signs in to GitHub Copilot with a code that the user enters on a page of GitHub. */
export async function copilotLogin(
  flags: Flags,
  environment: Environment,
  terminal: Terminal,
): Promise<void> {
  const settings = await readSettings(flags, environment);
  const over = new AbortController();
  const { path, first } = await untilStopped(
    'The sign-in was cancelled; nothing has changed.',
    async (signal) => {
      try {
        return await logInToCopilot({ settings, environment, signal }, (login) => {
          const { verificationUrl, userCode, expiresAtMs } = login;
          terminal.print(
            `To sign in to GitHub Copilot, open\n\n  ${verificationUrl}\n\nand enter the code ${userCode}\n`,
          );
          showWaiting(terminal, expiresAtMs, over.signal);
        });
      } finally {
        over.abort();
      }
    },
    INTERRUPTED,
  );
  const { usual } = ownCommand(environment);
  terminal.print(`Signed in. The login is kept in ${path}; a running gateway uses it for its next request.`);
  if (first !== undefined) {
    terminal.print(`It is not used as long as ${first} is set, which comes first.`);
  }
  terminal.print(
    `\`${usual} copilot status\` prints plan and quota, and \`${usual} copilot config\` the profile for Codex CLI.`,
  );
}
