import type { Environment, Flags, Settings } from '../../app/config.ts';
import { readClientSettings, type ClientSettings } from '../client-settings.ts';
import { formatTime } from '../format-time.ts';
import { ownCommand } from '../own-command.ts';
import { curlSetUp, nodeSetUp, pythonSetUp } from '../set-up.ts';
import { shellQuote } from '../shell-quote.ts';
import type { Terminal } from '../terminal.ts';

/** A model of every codex that the gateway works with, and the one of `--demo`. */
const MODEL = 'gpt-5.5';
const DEMO_MODEL = 'demo';

export interface ShowFlags extends Flags {
  readonly demo?: boolean;
}

/** Prints how clients are set up for the gateway that runs, or else for the configured one. */
export async function show(flags: ShowFlags, environment: Environment, terminal: Terminal): Promise<void> {
  terminal.print(describeSetUp(await readClientSettings(flags, environment), flags, environment));
}

export function describeSetUp(client: ClientSettings, flags: ShowFlags, environment: Environment): string {
  const { origin, token, settings } = client;
  const setUp = {
    origin,
    token: { value: token },
    model: flags.demo ? DEMO_MODEL : (settings.models[0]?.id ?? MODEL),
  };
  return [
    `Base URL: ${origin}/v1`,
    `API key:  ${token}`,
    describeGateway(client, flags, environment),
    '',
    '# curl',
    curlSetUp(setUp),
    '',
    '# Python (pip install openai)',
    pythonSetUp(setUp, token),
    '',
    '// Node (npm install openai; save as .mjs)',
    nodeSetUp(setUp, token),
  ].join('\n');
}

/** The gateway that runs and is meant, or how to start it. */
function describeGateway(
  { running, candidates, settings }: ClientSettings,
  flags: ShowFlags,
  environment: Environment,
): string {
  if (running === undefined) {
    return `Start it: ${[ownCommand(environment).usual, ...startFlags(flags, settings)].join(' ')}`;
  }
  const { pid, since, demo, port } = running;
  const which = candidates > 1 ? `; one of ${candidates} that run, --port chooses another` : '';
  return `Running:  ${demo ? 'the demo, ' : ''}port ${port}, pid ${pid}, since ${formatTime(since)}${which}`;
}

/** The flags by which the gateway starts as it is shown. */
function startFlags(flags: ShowFlags, settings: Settings): string[] {
  return [
    ...(flags.demo ? ['--demo'] : []),
    ...(flags.host === undefined ? [] : [`--host ${shellQuote(flags.host)}`]),
    ...(flags.port === undefined ? [] : [`--port ${shellQuote(flags.port)}`]),
    ...(flags.config === undefined ? [] : [`--config ${shellQuote(settings.configPath)}`]),
  ];
}
