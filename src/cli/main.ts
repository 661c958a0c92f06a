import { Command, CommanderError } from 'commander';
import { processEnvironment, type Environment, type Flags } from '../app/config/config.ts';
import { VERSION } from '../app/config/version.ts';
import { didYouMean } from '../base/closest.ts';
import { messageOf, StartupError } from '../base/errors.ts';
import { ownCommand } from '../app/config/own-command.ts';
import { COMMANDS } from './commands.ts';
import { explainUsage } from './explain-usage.ts';
import { consoleTerminal, type Terminal } from './terminal.ts';

/** Runs the command line and returns the exit code, once everything is printed. */
export async function main(
  argv: readonly string[],
  environment: Environment = processEnvironment(),
  terminal: Terminal = consoleTerminal,
): Promise<number> {
  const code = await run(argv, environment, terminal);
  const { problem } = await terminal.flush();
  if (problem === undefined) return code;
  terminal.complain(`codex-gateway: The output cannot be written (${problem}).`);
  await terminal.flush();
  return 1;
}

async function run(argv: readonly string[], environment: Environment, terminal: Terminal): Promise<number> {
  try {
    await createProgram(environment, terminal).parseAsync(argv, { from: 'user' });
    return 0;
  } catch (error) {
    // Help or the version has been printed.
    if (error instanceof CommanderError) return error.exitCode;
    const expected = error instanceof StartupError;
    // Flushed first, because standard output and standard error often share a screen.
    const { problem } = await terminal.flush();
    terminal.complain(`codex-gateway${expected ? '' : ' failed'}: ${describeError(error)}`);
    if (problem !== undefined) terminal.complain(`codex-gateway: The output cannot be written (${problem}).`);
    return 1;
  }
}

function createProgram(environment: Environment, terminal: Terminal): Command {
  const own = ownCommand(environment);
  const program = new Command(own.withoutPaths)
    .description('A local OpenAI-compatible server in front of the Codex app-server.')
    .version(VERSION, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .option('--host <address>', 'loopback address to listen on (127.0.0.1)')
    .option('--port <number>', 'port to listen on, 0 for any (8000)')
    .option('--token <token>', 'the token that clients send; --token-file keeps it out of the process list')
    .option('--token-file <path>', 'file that holds the token')
    .option('--config <path>', 'config file (~/.config/codex-gateway/config.json)')
    .option('--codex <path>', 'path of the codex binary to use')
    .option('--log-level <level>', 'debug, info, warn, error or silent (info)')
    .option('--log-format <format>', 'text, json, or auto: text on a terminal, else JSON lines (auto)')
    .option('--transport <transport>', 'connection to the provider: http, websocket or auto (http)')
    .option('--strict', 'refuse requests with parameters that would otherwise be ignored')
    .option('--demo', 'answer with a built-in demo model, without an account')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => terminal.print(text.trimEnd()),
      writeErr: (text) => terminal.complain(text.trimEnd()),
      // Errors are printed in one place, at the end.
      outputError: () => {},
    });
  const help = `${own.usual} help`;
  const explain = (command: Command) =>
    command.exitOverride((error) => {
      throw explainUsage(error, command, help);
    });
  explain(program);

  const runCommand = async (name: string, flags: Flags & { readonly demo?: boolean }, words?: string) => {
    const { load, demo } = COMMANDS[name]!;
    if (flags.demo && demo !== true) throw new StartupError(`${name} takes no --demo; ${demo}.`);
    const command = await load();
    await command(flags, environment, terminal, words);
  };
  program.allowExcessArguments().action(async (flags: Flags) => {
    const [word] = program.args;
    if (word !== undefined) throw noCommand(word, help);
    await runCommand('serve', flags);
  });
  for (const [name, { summary, argument, options = [] }] of Object.entries(COMMANDS)) {
    const command = explain(program.command(name)).description(summary);
    command.allowExcessArguments(false);
    if (argument) command.argument(...argument);
    for (const [option, meaning] of options) command.option(option, meaning);
    command.action(async () => {
      const words = command.args.length > 0 ? command.args.join(' ') : undefined;
      await runCommand(name, command.optsWithGlobals<Flags>(), words);
    });
  }
  addPlainCommands(program, terminal, explain, help);
  return program;
}

/** Adds the commands that need no configuration. */
function addPlainCommands(
  program: Command,
  terminal: Terminal,
  explain: (command: Command) => Command,
  help: string,
): void {
  explain(program.command('version'))
    .description('print the version')
    .action(() => terminal.print(VERSION));
  explain(program.command('help'))
    .argument('[command]')
    .description('print the help of a command')
    .action((name?: string) => {
      const command = program.commands.find((candidate) => candidate.name() === name);
      if (name !== undefined && command === undefined) throw noCommand(name, help);
      (command ?? program).help();
    });
}

function noCommand(word: string, help: string): StartupError {
  const suggestion = didYouMean(word, [...Object.keys(COMMANDS), 'version', 'help']);
  return new StartupError(`There is no command '${word}'; \`${help}\` lists them.${suggestion}`);
}

/** Names the file if an operation of the system failed. */
function describeError(error: unknown): string {
  const { code, path } = error as NodeJS.ErrnoException;
  if (code === undefined || path === undefined) return messageOf(error);
  return `${path} cannot be used (${code}); check its permissions, what is in its place, and the free space of its disk.`;
}
