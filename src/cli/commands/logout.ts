import { readSettings, type Environment, type Flags } from '../../app/config/config.ts';
import { logOut } from '../../app/codex/login-state.ts';
import type { Terminal } from '../terminal.ts';
import { untilStopped } from '../until-stopped.ts';

/** Signs out the gateway and Codex itself. */
export async function logout(flags: Flags, environment: Environment, terminal: Terminal): Promise<void> {
  const settings = await readSettings(flags, environment);
  const had = await untilStopped('Stopped.', (signal) => logOut({ settings, environment, signal }));
  terminal.print(
    had
      ? 'Signed out, including Codex itself. A running gateway notices at its next request.'
      : 'Nobody was signed in.',
  );
}
