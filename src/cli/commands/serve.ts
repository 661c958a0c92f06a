import { resolve } from 'node:path';
import { startGateway } from '../../app/compose.ts';
import { readSettings, type Environment, type Flags } from '../../app/config.ts';
import { createLog } from '../../app/log-sink.ts';
import { withStateToken } from '../../app/state-token.ts';
import { endBy, hearSignals } from '../../app/signals.ts';
import { describeStart } from '../describe-start.ts';
import { ownCommand } from '../own-command.ts';
import type { Terminal } from '../terminal.ts';
import { untilStopped } from '../until-stopped.ts';

export interface ServeFlags extends Flags {
  readonly demo?: boolean;
}

/** Milliseconds that running turns get to end after SIGINT or SIGTERM. */
const GRACE = 10_000;

/** Milliseconds that a reader of the last lines gets. */
const LAST_LINES = 1_000;

/** Serves until a signal comes. */
export async function serve(flags: ServeFlags, environment: Environment, terminal: Terminal): Promise<void> {
  const demo = flags.demo ?? false;
  const given = await readSettings(flags, environment);
  // Nothing that the demo makes outlives it.
  const settings = demo ? given : await withStateToken(given);
  const log = createLog(settings);
  const command = ownCommand(environment.PATH ?? '');
  const gateway = await untilStopped('Stopped before it was up.', (signal) =>
    startGateway({ settings, environment, log, demo, command, signal }),
  );
  const tokenFile = flags.tokenFile === undefined ? undefined : resolve(flags.tokenFile);
  const signals = hearSignals();
  terminal.print(
    describeStart({ gateway, settings, demo, tokenFile, codexHome: environment.CODEX_HOME, command }),
  );

  const signal = await signals.next();
  terminal.complain(
    `Stopping (${signal}): running turns get ${GRACE / 1000} s; Ctrl-C again ends them at once.`,
  );
  const hurry = new AbortController();
  void signals.next().then(() => hurry.abort());
  await gateway.close(AbortSignal.any([hurry.signal, AbortSignal.timeout(GRACE)]));
  signals.letGo();
  // A server that ran does not fail because nobody could read what it printed.
  const { stuck } = await terminal.flush(LAST_LINES);
  // The signal now does what it does by default: nothing else ends a process in a stuck write.
  if (stuck) endBy(signal);
}
