import type { Environment, Flags } from '../../app/config.ts';
import { readClientSettings } from '../client-settings.ts';
import { ownCommand } from '../own-command.ts';
import { curlSetUp, nodeSetUp, pythonSetUp } from '../set-up.ts';
import { shellQuote } from '../shell-quote.ts';
import type { Terminal } from '../terminal.ts';

/** A model of every codex that the gateway works with. */
const MODEL = 'gpt-5.5';

/** Prints how clients are set up for the configured gateway. */
export async function show(flags: Flags, environment: Environment, terminal: Terminal): Promise<void> {
  const { origin, token, settings } = await readClientSettings(flags, environment);
  const command = ownCommand(process.argv[1] ?? '', environment.PATH ?? '');
  const start =
    flags.config === undefined ? command : `${command} --config ${shellQuote(settings.configPath)}`;
  const setUp = { origin, token: { value: token }, model: MODEL };
  terminal.print(
    [
      `Base URL: ${origin}/v1`,
      `API key:  ${token}`,
      `Start it: ${start}`,
      '',
      '# curl',
      curlSetUp(setUp),
      '',
      '# Python (pip install openai)',
      pythonSetUp(setUp, token),
      '',
      '// Node (npm install openai)',
      nodeSetUp(setUp, token),
    ].join('\n'),
  );
}
