import type { Environment, Flags, Settings } from '../../app/config.ts';
import { readClientSettings } from '../client-settings.ts';
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

/** Prints how clients are set up for the configured gateway. */
export async function show(flags: ShowFlags, environment: Environment, terminal: Terminal): Promise<void> {
  const { origin, token, settings } = await readClientSettings(flags, environment);
  const command = ownCommand(environment.PATH ?? '');
  const setUp = {
    origin,
    token: { value: token },
    model: flags.demo ? DEMO_MODEL : (settings.models[0]?.id ?? MODEL),
  };
  terminal.print(
    [
      `Base URL: ${origin}/v1`,
      `API key:  ${token}`,
      `Start it: ${[command, ...startFlags(flags, settings)].join(' ')}`,
      '',
      '# curl',
      curlSetUp(setUp),
      '',
      '# Python (pip install openai)',
      pythonSetUp(setUp, token),
      '',
      '// Node (npm install openai; save as .mjs)',
      nodeSetUp(setUp, token),
    ].join('\n'),
  );
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
