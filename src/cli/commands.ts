import type { Environment, Flags } from '../app/config/config.ts';
import type { Terminal } from './terminal.ts';

/** The code of a command, loaded only when it is used: `token` should not wait for a web server to load. */
type Run = (
  flags: Flags,
  environment: Environment,
  terminal: Terminal,
  /** Value of the command's `argument`; several words are joined by spaces. */
  words: string | undefined,
) => Promise<void>;

export interface CommandEntry {
  readonly summary: string;
  /** True if it supports `--demo`, or else advice for users who pass it. */
  readonly demo: true | string;
  /** An optional argument: its name in the help, and its meaning. */
  readonly argument?: readonly [name: string, summary: string];
  /** Options that only this command has. */
  readonly options?: readonly (readonly [flags: string, summary: string])[];
  /** Options with which the program calls itself, and that its help leaves out. */
  readonly hiddenOptions?: readonly string[];
  load(): Promise<Run>;
}

/** A command that has commands of its own and does nothing else. */
export interface CommandGroup {
  readonly summary: string;
  readonly commands: Readonly<Record<string, CommandEntry>>;
}

/** The commands of `codex-gateway copilot`. */
const COPILOT: CommandGroup = {
  summary: 'sign in to GitHub Copilot, and serve it',
  commands: {
    serve: {
      summary: 'serve Copilot alone, without Codex, on port 60001 or that of --port',
      demo: 'the demo is part of `serve`',
      load: async () => (await import('./commands/copilot/serve.ts')).copilotServe,
    },
    login: {
      summary: 'sign in with GitHub: prints a page, and a code to enter there',
      demo: 'the demo needs no login',
      load: async () => (await import('./commands/copilot/login.ts')).copilotLogin,
    },
    logout: {
      summary: 'remove the login that `copilot login` made',
      demo: 'the demo needs no login',
      load: async () => (await import('./commands/copilot/logout.ts')).copilotLogout,
    },
    status: {
      summary: 'print who is signed in, with plan, quota and endpoint, and what is wrong',
      demo: 'the demo needs no login',
      load: async () => (await import('./commands/copilot/status.ts')).copilotStatus,
    },
    'print-token': {
      summary: 'print the token that is sent to Copilot, and nothing else',
      demo: 'the demo needs no login',
      load: async () => (await import('./commands/copilot/print-token.ts')).printCopilotToken,
    },
    config: {
      summary: 'print the profile with which Codex CLI uses Copilot',
      demo: 'the demo is not Copilot',
      options: [['--write', 'write it to copilot.config.toml in CODEX_HOME, unless another one is there']],
      load: async () => (await import('./commands/copilot/config.ts')).copilotConfig,
    },
  },
};

/** The commands of `codex-gateway tokens`. */
const TOKENS: CommandGroup = {
  summary: 'add, list and revoke named tokens, for others and for single programs',
  commands: {
    add: {
      summary: 'add a token and print it; it is shown only this once',
      demo: 'the demo has one token',
      argument: ['[name]', 'name of the token: letters, digits, dots, underscores and hyphens'],
      options: [
        ['--name <name>', 'the same as the argument'],
        ['--scope <scopes>', 'what it leads to: openai, metrics, copilot, or several with commas (openai)'],
        ['--expires <when>', 'its end: 30s, 15m, 8h, 7d, or an ISO time (never)'],
        ['--limit <limits>', 'turns=N at once, requests=N a minute, tokens=N a day, with commas (none)'],
      ],
      load: async () => (await import('./commands/tokens/add.ts')).addTokenCommand,
    },
    list: {
      summary: 'print names, scopes, ends, limits and the last use of all tokens, never the tokens',
      demo: 'the demo has one token',
      options: [['--json', 'print JSON']],
      load: async () => (await import('./commands/tokens/list.ts')).listTokensCommand,
    },
    revoke: {
      summary: 'revoke a token at once, also for a running gateway',
      demo: 'the demo has one token',
      argument: ['[name]', 'name of the token'],
      options: [['--name <name>', 'the same as the argument']],
      load: async () => (await import('./commands/tokens/revoke.ts')).revokeTokenCommand,
    },
  },
};

/** The commands of `codex-gateway service`. */
const SERVICE: CommandGroup = {
  summary: 'run the gateway as a service of systemd or launchd',
  commands: {
    install: {
      summary: 'install and start the service, with the options that are given here',
      demo: true,
      options: [['--print', 'print the file of the service, and change nothing']],
      load: async () => (await import('./commands/service/service-commands.ts')).serviceInstall,
    },
    uninstall: {
      summary: 'stop and remove the service',
      demo: 'the service has the options with which it was installed',
      load: async () => (await import('./commands/service/service-commands.ts')).serviceUninstall,
    },
    status: {
      summary: 'print whether the service runs, and when it starts',
      demo: 'the service has the options with which it was installed',
      load: async () => (await import('./commands/service/service-commands.ts')).serviceStatus,
    },
  },
};

export const COMMANDS: Readonly<Record<string, CommandEntry | CommandGroup>> & {
  readonly serve: CommandEntry;
} = {
  serve: {
    summary: 'serve the OpenAI API (the default)',
    demo: true,
    hiddenOptions: ['--in-background'],
    load: async () => (await import('./commands/serve.ts')).serve,
  },
  start: {
    summary: 'start the gateway in the background, and wait until it is ready',
    demo: true,
    load: async () => (await import('./commands/background/start.ts')).startInBackground,
  },
  stop: {
    summary: 'stop the running gateway, and wait until it is gone',
    demo: true,
    load: async () => (await import('./commands/background/stop.ts')).stopRunning,
  },
  restart: {
    summary: 'stop the gateway in the background, and start it with the same options',
    demo: true,
    load: async () => (await import('./commands/background/restart.ts')).restartInBackground,
  },
  logs: {
    summary: 'print the log of the gateway in the background',
    demo: 'the demo in the background has the same log',
    options: [
      ['-f, --follow', 'go on with what is written, until Ctrl-C'],
      ['-n, --lines <number>', 'how many of the last lines to print (100)'],
      ['--json', 'print the lines as they are in the file'],
    ],
    load: async () => (await import('./commands/background/logs.ts')).showLogs,
  },
  service: SERVICE,
  update: {
    summary: 'say which version there is and how to get it; install it if npm installed this one',
    demo: 'the demo is updated with the gateway',
    options: [['--check', 'only say it']],
    load: async () => (await import('./commands/update.ts')).update,
  },
  login: {
    summary: 'sign Codex in with ChatGPT',
    demo: 'the demo needs no login',
    argument: ['[status]', 'print how Codex is signed in'],
    options: [['--with-api-key', 'read an OpenAI API key from standard input']],
    load: async () => (await import('./commands/login.ts')).login,
  },
  logout: {
    summary: 'sign Codex out',
    demo: 'the demo needs no login',
    load: async () => (await import('./commands/logout.ts')).logout,
  },
  init: {
    summary: 'write a config file with a token and print the client setup',
    demo: true,
    options: [['--force', 'replace the token in an existing file and keep the rest']],
    load: async () => (await import('./commands/init.ts')).init,
  },
  show: {
    summary: 'print the client setup, and which gateway is running',
    demo: true,
    argument: ['[client]', 'curl, python, node, aider, continue, opencode, codex, llm, langchain or ai-sdk'],
    load: async () => (await import('./commands/show.ts')).show,
  },
  ask: {
    summary: 'ask one question and print the answer as it arrives',
    demo: true,
    argument: ['[question...]', 'the question; read from standard input if omitted or -'],
    options: [
      ['-m, --model <id>', 'the model to ask (default: the default model)'],
      ['--effort <effort>', 'the reasoning effort'],
      ['--image <path>', 'an image that the question is about'],
      ['--json', 'print the response object instead of its text'],
    ],
    load: async () => (await import('./commands/ask.ts')).ask,
  },
  models: {
    summary: 'print the models, their limits, and the default',
    demo: 'run it without --demo to ask the running gateway',
    options: [
      ['--all', 'include hidden models'],
      ['--json', 'print JSON'],
    ],
    load: async () => (await import('./commands/models.ts')).models,
  },
  usage: {
    summary: 'print the account, its limits, and tokens by model',
    demo: 'run it without --demo to ask the running gateway',
    options: [['--json', 'print JSON']],
    load: async () => (await import('./commands/usage.ts')).usage,
  },
  status: {
    summary: 'print which gateway runs, and how it does: turns, requests, errors, limits, memory',
    demo: 'run it without --demo to ask the running gateway',
    options: [['--json', 'print JSON']],
    load: async () => (await import('./commands/status.ts')).status,
  },
  doctor: {
    summary: 'check the whole setup and say what to fix',
    demo: 'run it without --demo to check the running gateway',
    options: [['--ask', 'also run one short turn of the default model']],
    load: async () => (await import('./commands/doctor.ts')).doctor,
  },
  token: {
    summary: 'print the token',
    demo: 'run it without --demo to print the token of the running gateway',
    load: async () => (await import('./commands/token.ts')).token,
  },
  tokens: TOKENS,
  env: {
    summary: 'print shell exports for eval',
    demo: 'run it without --demo to print those of the running gateway',
    load: async () => (await import('./commands/env.ts')).env,
  },
  copilot: COPILOT,
};
