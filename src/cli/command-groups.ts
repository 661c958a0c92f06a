import type { CommandGroup } from './command-entry.ts';

/** The commands of `codex-gateway copilot`. */
export const COPILOT: CommandGroup = {
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
export const TOKENS: CommandGroup = {
  summary: 'add, list and revoke named tokens, for others and for single programs',
  commands: {
    add: {
      summary: 'add a token and print it; it is shown only this once',
      demo: 'the demo has one token',
      argument: ['[name]', 'name of the token: letters, digits, dots, underscores and hyphens'],
      options: [
        ['--name <name>', 'the same as the argument'],
        [
          '--scope <scopes>',
          'what it leads to: openai, metrics, copilot, sessions, tools, console, or several with commas (openai)',
        ],
        ['--expires <when>', 'its end: 30s, 15m, 8h, 7d, or an ISO time (never)'],
        ['--limit <limits>', 'turns=N at once, requests=N a minute, tokens=N a day, with commas (none)'],
      ],
      load: async () => (await import('./commands/tokens/add.ts')).addTokenCommand,
    },
    list: {
      summary:
        'print names, scopes, ends, limits and the last use of all tokens and signed-in browsers, never the tokens',
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

/** The commands of `codex-gateway tools`. */
export const TOOLS: CommandGroup = {
  summary: 'look after the internal tools',
  commands: {
    audit: {
      summary: 'print the calls of the internal tools, oldest first',
      demo: 'the demo keeps no audit',
      options: [
        ['--since <when>', 'from then on: 30s, 15m, 8h or 7d ago, or an ISO time (all)'],
        ['--tool <name>', 'only those of this tool, such as kb.search'],
        ['--key <name>', 'only those of the key with this name'],
        ['--json', 'print one JSON object a line, with the arguments'],
      ],
      load: async () => (await import('./commands/tools/audit.ts')).auditCommand,
    },
  },
};

/** The commands of `codex-gateway service`. */
export const SERVICE: CommandGroup = {
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
