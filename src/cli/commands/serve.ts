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
import { endBy, hearSignals, type Signals } from '../../app/lifecycle/signals.ts';
import { describeStart } from '../describe-start.ts';
import { ownCommand } from '../../app/config/own-command.ts';
import type { Observer } from '../../base/observation.ts';
import type { Terminal } from '../terminal.ts';
import { untilStopped } from '../until-stopped.ts';

export interface ServeFlags extends Flags {
  readonly demo?: boolean;
}

/** Milliseconds that running turns get to end after SIGINT or SIGTERM. */
const GRACE = 10_000;

/** Milliseconds for what ends by itself, before a stop says that it waits. */
const MOMENT = 200;

/** Milliseconds that a reader of the last lines gets. */
const LAST_LINES = 1_000;

/** Serves until a signal comes. */
export async function serve(flags: ServeFlags, environment: Environment, terminal: Terminal): Promise<void> {
  const demo = flags.demo ?? asksNpmForDemo(environment);
  const given = await readSettings(flags, environment);
  // Nothing that the demo makes outlives it.
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
    startGateway({ settings, environment, observer, demo, signal }),
  );
  const tokenFile = flags.tokenFile === undefined ? undefined : resolve(flags.tokenFile);
  const signals = hearSignals();
  const { CODEX_HOME: codexHome } = environment;
  const hasUsualConfig = settings.configPath === findUsualConfig(environment);
  terminal.print(describeStart({ gateway, settings, demo, tokenFile, codexHome, command, hasUsualConfig }));

  const signal = await signals.next();
  await stop(gateway, signals, signal, terminal);
  signals.letGo();
  // A server that ran does not fail because nobody could read what it printed.
  const { stuck } = await terminal.flush(LAST_LINES);
  // The signal now does what it does by default: nothing else ends a process in a stuck write.
  if (stuck) endBy(signal);
}

/** Lets running requests end, and says so as long as there are any. */
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
  const end = setTimeout(hurry, GRACE);
  const notice = setTimeout(() => {
    const waiting = gateway.running();
    if (waiting === 0) return;
    const gets = waiting === 1 ? 'request gets' : 'requests get';
    terminal.complain(
      `${waiting} running ${gets} up to ${GRACE / 1000} s to end; another signal, such as Ctrl-C, ends them at once.`,
    );
  }, MOMENT);
  await gateway.close(patience.signal);
  clearTimeout(end);
  clearTimeout(notice);
  const ended = cut === 0 ? '' : ` ${cut} running ${cut === 1 ? 'request was' : 'requests were'} ended.`;
  terminal.complain(`Stopped.${ended}`);
}
