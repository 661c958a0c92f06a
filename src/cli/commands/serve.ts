import { resolve } from 'node:path';
import { startGateway } from '../../app/compose.ts';
import type { RunningGateway } from '../../app/running-gateway.ts';
import {
  asksNpmForDemo,
  findUsualConfig,
  readSettings,
  type Environment,
  type Flags,
  type Settings,
} from '../../app/config/config.ts';
import { observeInLog } from '../../app/log/observer.ts';
import { reportRejections } from '../../app/lifecycle/rejections.ts';
import { withStateToken } from '../../app/config/state-token.ts';
import { endBy, listenForSignals, type Signals } from '../../app/lifecycle/signals.ts';
import { describeStart } from '../describe-start.ts';
import { ownCommand } from '../../app/config/own-command.ts';
import type { Observer } from '../../base/observation.ts';
import type { Terminal } from '../terminal.ts';
import { untilStopped } from '../until-stopped.ts';

export interface ServeFlags extends Flags {
  readonly demo?: boolean;
}

/** Milliseconds for running requests to finish after SIGINT or SIGTERM. */
const GRACE_MS = 10_000;

/** Milliseconds before a stop reports that it waits: most requests finish within them. */
const NOTICE_DELAY_MS = 200;

/** Milliseconds for the last lines to be written. */
const FLUSH_TIMEOUT_MS = 1_000;

/** Serves until a signal arrives. */
export async function serve(flags: ServeFlags, environment: Environment, terminal: Terminal): Promise<void> {
  const demo = flags.demo ?? asksNpmForDemo(environment);
  const given = await readSettings(flags, environment);
  // The demo leaves nothing behind.
  const settings = demo ? given : await withStateToken(given);
  const observer = observeInLog(settings);
  const stopLogging = reportRejections(observer);
  try {
    await serveUntilStopped({ settings, environment, observer, demo, flags, terminal });
  } finally {
    stopLogging();
  }
}

interface Serving {
  readonly settings: Settings;
  readonly environment: Environment;
  readonly observer: Observer;
  readonly demo: boolean;
  readonly flags: ServeFlags;
  readonly terminal: Terminal;
}

async function serveUntilStopped(serving: Serving): Promise<void> {
  const { settings, environment, observer, demo, flags, terminal } = serving;
  const command = ownCommand(environment);
  const gateway = await untilStopped('Stopped before it was up.', (signal) =>
    startGateway({ settings, environment, observer, demo, isServer: true, signal }),
  );
  const tokenFile = flags.tokenFile === undefined ? undefined : resolve(flags.tokenFile);
  const signals = listenForSignals();
  const { CODEX_HOME: codexHome } = environment;
  const hasUsualConfig = settings.configPath === findUsualConfig(environment);
  terminal.print(describeStart({ gateway, settings, demo, tokenFile, codexHome, command, hasUsualConfig }));

  const signal = await signals.next();
  await stop(gateway, signals, signal, terminal);
  signals.stopListening();
  // The server ran well, even if its output could not be written.
  const { isStuck } = await terminal.flush(FLUSH_TIMEOUT_MS);
  // The signal has its default effect again: nothing else ends a process with a stuck write.
  if (isStuck) endBy(signal);
}

/** Lets running requests finish, and reports that it waits for them. */
async function stop(
  gateway: RunningGateway,
  signals: Signals,
  signal: NodeJS.Signals,
  terminal: Terminal,
): Promise<void> {
  terminal.complain(`Stopping (${signal}).`);
  const patience = new AbortController();
  let cut = 0;
  function hurry(): void {
    cut = gateway.running();
    patience.abort();
  }
  void signals.next().then(hurry);
  const end = setTimeout(hurry, GRACE_MS);
  const notice = setTimeout(() => {
    const waiting = gateway.running();
    if (waiting === 0) return;
    terminal.complain(
      `Waiting up to ${GRACE_MS / 1000} s for ${waiting} running ${waiting === 1 ? 'request' : 'requests'}; another signal, such as Ctrl-C, ends them at once.`,
    );
  }, NOTICE_DELAY_MS);
  await gateway.close(patience.signal);
  clearTimeout(end);
  clearTimeout(notice);
  const ended = cut === 0 ? '' : ` ${cut} running ${cut === 1 ? 'request was' : 'requests were'} ended.`;
  terminal.complain(`Stopped.${ended}`);
}
