import { Command, CommanderError } from 'commander';
import { processEnvironment, type Environment, type Flags } from '../app/config/config.ts';
import { VERSION } from '../app/config/version.ts';
import { didYouMean } from '../base/closest.ts';
import { messageOf, StartupError } from '../base/errors.ts';
import { ownCommand } from '../app/config/own-command.ts';
import { explainUsage } from './explain-usage.ts';
import { consoleTerminal, type Terminal } from './terminal.ts';

/** A command's code, loaded only when it is asked for: `token` must not wait for a web server to be read. */
type Run = (
  flags: Flags,
  environment: Environment,
  terminal: Terminal,
  /** The entry's `argument`; several words of it with a space between them. */
  words: string | undefined,
) => Promise<void>;

interface Entry {
  readonly summary: string;
  /** True if it knows the demo model, else what the user of `--demo` should know. */
  readonly demo: true | string;
  /** A word that may follow: its name in the help, and what it says. */
  readonly argument?: readonly [name: string, summary: string];
  /** Options of this command alone. */
  readonly options?: readonly (readonly [flags: string, summary: string])[];
  load(): Promise<Run>;
}

const COMMANDS: Readonly<Record<string, Entry>> = {
  serve: {
    summary: 'serve the OpenAI API (the default)',
    demo: true,
    load: async () => (await import('./commands/serve.ts')).serve,
  },
  login: {
    summary: 'sign Codex in with ChatGPT',
    demo: 'the demo needs no login',
    argument: ['[status]', 'tell how Codex is signed in'],
    options: [['--with-api-key', 'read an API key of OpenAI from standard input']],
    load: async () => (await import('./commands/login.ts')).login,
  },
  logout: {
    summary: 'remove the login of Codex',
    demo: 'the demo needs no login',
    load: async () => (await import('./commands/logout.ts')).logout,
  },
  init: {
    summary: 'write a config file with a token and print the set-up',
    demo: true,
    options: [['--force', 'write a new token into the file where there is one, and leave the rest of it']],
    load: async () => (await import('./commands/init.ts')).init,
  },
  show: {
    summary: 'print the set-up of clients, and which gateway runs',
    demo: true,
    argument: ['[client]', 'curl, python, node, aider, continue, opencode, codex, llm, langchain or ai-sdk'],
    load: async () => (await import('./commands/show.ts')).show,
  },
  ask: {
    summary: 'ask one question and print the answer as it comes',
    demo: true,
    argument: ['[question...]', 'the question; read from standard input where it is left out, or is -'],
    options: [
      ['-m, --model <id>', 'the model to ask (the default one)'],
      ['--effort <effort>', 'its reasoning effort'],
      ['--image <path>', 'a picture that the question is about'],
      ['--json', 'print the response object instead of its text'],
    ],
    load: async () => (await import('./commands/ask.ts')).ask,
  },
  models: {
    summary: 'print the models, what they can do, and which one is the default',
    demo: 'run it without, and it asks the gateway that is running',
    options: [
      ['--all', 'also those that are not shown to clients'],
      ['--json', 'as JSON'],
    ],
    load: async () => (await import('./commands/models.ts')).models,
  },
  usage: {
    summary: 'print the account, what is used of its limits, and tokens by model',
    demo: 'run it without, and it asks the gateway that is running',
    options: [['--json', 'as JSON']],
    load: async () => (await import('./commands/usage.ts')).usage,
  },
  doctor: {
    summary: 'look at the whole set-up and say what to do',
    demo: 'run it without, and it examines the gateway that is running',
    options: [['--ask', 'also run one short turn of the default model']],
    load: async () => (await import('./commands/doctor.ts')).doctor,
  },
  token: {
    summary: 'print the token',
    demo: 'run it without, and it prints that of the gateway that is running',
    load: async () => (await import('./commands/token.ts')).token,
  },
  env: {
    summary: 'print shell exports, for a shell to eval',
    demo: 'run it without, and it prints those of the gateway that is running',
    load: async () => (await import('./commands/env.ts')).env,
  },
};

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
    // Standard output and standard error often share a screen.
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
    .option('--codex <path>', 'another codex binary')
    .option('--log-level <level>', 'debug, info, warn, error or silent (info)')
    .option('--log-format <format>', 'text, json, or auto: text on a terminal, else JSON lines (auto)')
    .option('--strict', 'refuse requests with parameters that would otherwise be ignored')
    .option('--demo', 'answer by a built-in demo model, without any account')
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

/** Adds the commands that look at no set-up. */
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

/** Names the file that an operation of the system has failed with. */
function describeError(error: unknown): string {
  const { code, path } = error as NodeJS.ErrnoException;
  if (code === undefined || path === undefined) return messageOf(error);
  return `${path} cannot be used (${code}); look at its rights, at what is in its place, and at the space on its disk.`;
}
