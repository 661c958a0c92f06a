import { backgroundLogPath } from '../../../app/background/background-files.ts';
import { formatLogLine } from '../../../app/background/format-log-line.ts';
import { findOwnInstances } from '../../../app/background/own-instances.ts';
import { readBackgroundLog } from '../../../app/background/read-background-log.ts';
import { findStateDirectory, type Environment, type Flags } from '../../../app/config/config.ts';
import { ownCommand } from '../../../app/config/own-command.ts';
import { StartupError } from '../../../base/errors.ts';
import { CommandEnd } from '../../command-end.ts';
import type { Terminal } from '../../terminal.ts';
import { untilStopped } from '../../until-stopped.ts';

interface LogsFlags extends Flags {
  readonly follow?: boolean;
  readonly lines?: string;
  readonly json?: boolean;
}

/** Number of lines without `--lines`. */
const USUAL_LINES = 100;

/** Maximum lines that are read at once. */
const MAX_LINES = 1_000_000;

/** Prints the log of the gateway in the background. */
export async function showLogs(
  { follow = false, lines, json = false }: LogsFlags,
  environment: Environment,
  terminal: Terminal,
): Promise<void> {
  const state = findStateDirectory(environment);
  const log = await readBackgroundLog(state, parseLines(lines));
  if (log === undefined) throw noLog(backgroundLogPath(state), ownCommand(environment).usual);
  const { background, others } = await findOwnInstances(state);
  if (background === undefined && others[0] !== undefined) {
    terminal.complain(
      `The codex-gateway that runs (process ${others[0].identity.pid}) is not in the background: its log goes to its terminal, or to the journal of its service (journalctl --user --unit codex-gateway). This is the log of an earlier one.`,
    );
  }
  const print = (line: string) => terminal.print(json ? line : formatLogLine(line));
  for (const line of log.lines) print(line);
  if (!follow) return;
  // Ctrl-C is the usual end of this command.
  await untilStopped(
    '',
    async (signal) => {
      for await (const line of log.follow(signal)) print(line);
      signal.throwIfAborted();
    },
    0,
  ).catch((error: unknown) => {
    if (!(error instanceof CommandEnd)) throw error;
  });
}

function parseLines(text: string | undefined): number {
  if (text === undefined) return USUAL_LINES;
  if (/^\d{1,7}$/.test(text) && Number(text) <= MAX_LINES) return Number(text);
  throw new StartupError(`--lines is '${text}', but it has to be a number from 0 to ${MAX_LINES}.`);
}

function noLog(path: string, command: string): StartupError {
  return new StartupError(
    `There is no log at ${path}; \`${command} start\` writes one. The log of other gateways goes to their terminal or to the journal of their service.`,
  );
}
