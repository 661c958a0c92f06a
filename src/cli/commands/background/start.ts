import { startBackground } from '../../../app/background/start-background.ts';
import { asksNpmForDemo, readSettings, type Environment } from '../../../app/config/config.ts';
import type { Terminal } from '../../terminal.ts';
import { untilStopped } from '../../until-stopped.ts';
import { warnAboutToken } from '../../warn-about-token.ts';
import type { ServeFlags } from '../serve.ts';
import { reportStart } from './describe-background.ts';

/** Starts the gateway in the background. */
export async function startInBackground(
  given: ServeFlags,
  environment: Environment,
  terminal: Terminal,
): Promise<void> {
  const flags = { ...given, demo: given.demo ?? asksNpmForDemo(environment) };
  const settings = await readSettings(flags, environment);
  warnAboutToken(settings, terminal);
  terminal.progress('Starting codex-gateway …');
  const message = 'Stopped waiting; the gateway goes on starting in the background.';
  const start = await untilStopped(message, (signal) =>
    startBackground({ settings, flags, environment, signal }),
  ).finally(() => terminal.progress(''));
  reportStart(start, settings, environment, terminal);
}
