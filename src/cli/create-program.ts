import { Command, Option } from 'commander';
import type { Environment, Flags } from '../app/config/config.ts';
import { VERSION } from '../app/config/version.ts';
import { didYouMean } from '../base/closest.ts';
import { StartupError } from '../base/errors.ts';
import { ownCommand } from '../app/config/own-command.ts';
import type { CommandEntry, CommandGroup } from './command-entry.ts';
import { COMMANDS } from './commands.ts';
import { explainUsage, nameOf } from './explain-usage.ts';
import type { Terminal } from './terminal.ts';

/** Creates the parser of the command line, which runs the command that is named. */
export function createProgram(environment: Environment, terminal: Terminal): Command {
  const own = ownCommand(environment);
  const program = new Command(own.withoutPaths)
    .description('A local OpenAI-compatible server in front of the Codex app-server.')
    .version(VERSION, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .option('--host <address>', 'address to listen on (127.0.0.1)')
    .option('--allow-remote', 'let --host be an address that other machines can reach')
    .option('--port <number>', 'port to listen on, 0 for any (8000)')
    .option('--token <token>', 'the token that clients send; --token-file keeps it out of the process list')
    .option('--token-file <path>', 'file that holds the token')
    .option('--config <path>', 'config file (~/.config/codex-gateway/config.json)')
    .option('--workspace <folder>', 'folder in which agent sessions may work')
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

  const add: AddEntry = (parent, name, entry) => {
    const command = explain(parent.command(name)).description(entry.summary).allowExcessArguments(false);
    if (entry.argument) command.argument(...entry.argument);
    for (const [option, meaning] of entry.options ?? []) command.option(option, meaning);
    for (const option of entry.hiddenOptions ?? []) command.addOption(new Option(option).hideHelp());
    command.action(async () => {
      const words = command.args.length > 0 ? command.args.join(' ') : undefined;
      const flags = command.optsWithGlobals<ProgramFlags>();
      await runEntry(nameOf(command), entry, flags, { environment, terminal, words });
    });
  };
  program.allowExcessArguments().action(async (flags: ProgramFlags) => {
    const [word] = program.args;
    if (word !== undefined) throw noCommand(word, program, help);
    await runEntry('serve', COMMANDS.serve, flags, { environment, terminal });
  });
  for (const [name, entry] of Object.entries(COMMANDS)) {
    if ('load' in entry) add(program, name, entry);
    else addGroup(explain(program.command(name)), entry, add, help);
  }
  addPlainCommands(program, terminal, explain, help);
  return program;
}

type ProgramFlags = Flags & { readonly demo?: boolean };

type AddEntry = (parent: Command, name: string, entry: CommandEntry) => void;

interface RunContext {
  readonly environment: Environment;
  readonly terminal: Terminal;
  readonly words?: string | undefined;
}

async function runEntry(
  name: string,
  { load, demo }: CommandEntry,
  flags: ProgramFlags,
  { environment, terminal, words }: RunContext,
): Promise<void> {
  if (flags.demo && demo !== true) throw new StartupError(`${name} takes no --demo; ${demo}.`);
  const run = await load();
  await run(flags, environment, terminal, words);
}

/** Adds a command that has commands of its own and prints its help without one. */
function addGroup(group: Command, { summary, commands }: CommandGroup, add: AddEntry, help: string): void {
  group.description(summary).usage('[options] <command>').helpCommand(false).allowExcessArguments();
  group.action(() => {
    const [word] = group.args;
    if (word !== undefined) throw noCommand(word, group, help);
    group.help();
  });
  for (const [name, entry] of Object.entries(commands)) add(group, name, entry);
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
    .argument('[command...]')
    .description('print the help of a command')
    .action((names: readonly string[]) => {
      let found = program;
      for (const name of names) {
        const inner = found.commands.find((candidate) => candidate.name() === name);
        if (inner === undefined) throw noCommand(name, found, help);
        found = inner;
      }
      found.help();
    });
}

function noCommand(word: string, parent: Command, help: string): StartupError {
  const path = parent.parent === null ? '' : `${nameOf(parent)} `;
  const suggestion = didYouMean(
    `${path}${word}`,
    parent.commands.map((command) => `${path}${command.name()}`),
  );
  return new StartupError(
    `There is no command '${path}${word}'; \`${`${help} ${path}`.trimEnd()}\` lists them.${suggestion}`,
  );
}
