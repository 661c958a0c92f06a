import type { CommandEntry, CommandGroup } from './command-entry.ts';
import { COPILOT, SERVICE, TOKENS, TOOLS } from './command-groups.ts';

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
      ['--tools', 'let the model call the internal tools; you are asked before it changes anything'],
      ['--json', 'print the response object instead of its text'],
    ],
    load: async () => (await import('./commands/ask.ts')).ask,
  },
  agent: {
    summary: 'let an agent work in a folder, and decide what it may do',
    demo: true,
    argument: ['[task...]', 'what it should do; read from standard input if omitted or -'],
    options: [
      ['--review <what>', 'what you are asked about: edits, commands (and edits), or none (edits)'],
      ['--tools', 'let the agent use the internal tools; you are asked before one changes anything'],
      ['-m, --model <id>', 'the model to use (default: that of Codex)'],
      [
        '--json',
        'print each event as a line of JSON; nothing is asked, and edits are declined unless you pass --review none',
      ],
    ],
    load: async () => (await import('./commands/agent/agent.ts')).agent,
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
  open: {
    summary: 'print and open a link that signs a browser in to the console',
    demo: true,
    options: [
      ['--read-only', 'sign it in to look only'],
      [
        '--scope <scopes>',
        'what it may use beside the console, with commas (openai,sessions,tools); metrics and copilot let it add such keys',
      ],
      ['--print', 'only print the link'],
    ],
    load: async () => (await import('./commands/open.ts')).open,
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
  tools: TOOLS,
  env: {
    summary: 'print shell exports for eval',
    demo: 'run it without --demo to print those of the running gateway',
    load: async () => (await import('./commands/env.ts')).env,
  },
  copilot: COPILOT,
  mcp: {
    summary: 'serve the internal tools to one client over standard input and output',
    demo: true,
    argument: ['[config...]', 'print the configuration of a client: config codex, copilot, vscode or claude'],
    options: [['--http', 'print a configuration with the address of the gateway instead of this command']],
    load: async () => (await import('./commands/mcp/mcp.ts')).mcp,
  },
};
