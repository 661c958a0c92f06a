import { recordOf, type BackgroundStart } from '../../../app/background/start-background.ts';
import { backgroundLogPath } from '../../../app/background/background-files.ts';
import { formatOrigin } from '../../../app/config/address.ts';
import type { Environment, Settings } from '../../../app/config/config.ts';
import { ownCommand } from '../../../app/config/own-command.ts';
import { VERSION } from '../../../app/config/version.ts';
import { CommandEnd } from '../../command-end.ts';
import type { Terminal } from '../../terminal.ts';
import { warnAboutStart } from '../../warn-about-start.ts';

/** Reasons of `/readyz`, in words for a person. */
const REASONS: Readonly<Record<string, (command: string) => string>> = {
  starting: () => 'it is still starting',
  codex: () => 'Codex does not run',
  login: (command) => `Codex is not signed in; run \`${command} login\``,
  store: () => 'stored responses cannot be written',
  draining: () => 'it is stopping',
};

/** Prints how a start ended. Throws a `CommandEnd` if the gateway cannot answer yet. */
export function reportStart(
  start: BackgroundStart,
  settings: Settings,
  environment: Environment,
  terminal: Terminal,
): void {
  const { usual } = ownCommand(environment);
  const { readiness, pid, isNew, deadPid, warnings } = start;
  warnAboutStart(warnings, terminal);
  if (isNew && deadPid !== undefined) {
    terminal.complain(
      `The gateway that was in the background before (process ${deadPid}) ended without a stop; \`${usual} logs\` may say why.`,
    );
  }
  const record = recordOf(start);
  if (record === undefined) {
    throw new CommandEnd(
      1,
      `The gateway (process ${pid}) does not listen yet; \`${usual} logs\` shows what it does, and \`${usual} stop\` ends it.`,
    );
  }
  const origin = formatOrigin(record.host, record.port);
  const kind = record.demo ? ', with the demo model' : '';
  terminal.print(
    isNew
      ? `codex-gateway ${VERSION} listens on ${origin} (process ${pid}${kind})`
      : `codex-gateway already runs on ${origin} (process ${pid}${kind})`,
  );
  if (isNew) {
    terminal.print(
      [
        '',
        `Base URL: ${origin}/v1`,
        `API key:  printed by: ${usual} token`,
        `Log:      ${backgroundLogPath(settings.stateDirectory)}`,
        `Stop:     ${usual} stop`,
      ].join('\n'),
    );
  }
  if (readiness.state !== 'not-ready') return;
  throw notReady(readiness.why, usual);
}

/** Returns the end of a command that has started a gateway which cannot answer yet. */
export function notReady(why: readonly string[], command: string): CommandEnd {
  const reasons = why.map((reason) => REASONS[reason]?.(command) ?? reason).join(', ');
  return new CommandEnd(1, `It runs, but it is not ready: ${reasons}.`);
}
