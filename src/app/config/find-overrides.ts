import type { Environment, Flags, Settings } from './config.ts';

/** The option or variable that comes before the config file for a setting. */
export interface Override {
  readonly source: 'flag' | 'environment';
  readonly name: string;
  /** The value in force, where the settings have that of the file. */
  readonly value?: unknown;
}

interface Rule {
  readonly flag?: keyof Flags;
  readonly variable?: string;
  /** Returns the value of a variable that is read elsewhere than the settings. */
  read?(text: string): unknown;
}

const text = (value: string) => value;
const milliseconds = (value: string) => Number(value) / 1000;

/** The options and variables that come before settings of the config file. */
const RULES: Readonly<Record<string, Rule>> = {
  host: { flag: 'host', variable: 'CODEX_GATEWAY_HOST' },
  port: { flag: 'port', variable: 'CODEX_GATEWAY_PORT' },
  codex: { flag: 'codex', variable: 'CODEX_GATEWAY_CODEX' },
  logLevel: { flag: 'logLevel', variable: 'CODEX_GATEWAY_LOG_LEVEL' },
  logFormat: { flag: 'logFormat', variable: 'CODEX_GATEWAY_LOG_FORMAT' },
  transport: { flag: 'transport' },
  compatibility: { flag: 'strict' },
  'sessions.roots': { flag: 'workspace' },
  'sessions.maxConcurrentTurns': { variable: 'CODEX_MAX_CONCURRENT_TURNS', read: Number },
  'sessions.maxQueuedTurns': { variable: 'CODEX_MAX_QUEUED_TURNS', read: Number },
  'copilot.tokenFile': { variable: 'COPILOT_TOKEN_FILE', read: text },
  'copilot.rateLimit.budget': { variable: 'RATE_LIMIT_MAX_TOTAL_WAIT_MS', read: milliseconds },
  'copilot.rateLimit.maxSleep': { variable: 'RATE_LIMIT_MAX_SLEEP_MS', read: milliseconds },
  'copilot.diagnostics.level': { variable: 'CODEX_CODE_ROUTER_RAW_LOG_LEVEL', read: text },
  'copilot.diagnostics.file': { variable: 'CODEX_CODE_ROUTER_RAW_LOG_FILE', read: text },
  'copilot.diagnostics.maxLineBytes': { variable: 'CODEX_CODE_ROUTER_RAW_LOG_MAX_BYTES', read: Number },
  'copilot.diagnostics.contentBytes': {
    variable: 'CODEX_CODE_ROUTER_RAW_LOG_CONTENT_MAX_BYTES',
    read: Number,
  },
};

/** Sources of a token that come before the config file. */
const TOKEN_SOURCES: Readonly<Partial<Record<NonNullable<Settings['token']>['source'], Override>>> = {
  flag: { source: 'flag', name: '--token' },
  file: { source: 'flag', name: '--token-file' },
  environment: { source: 'environment', name: 'CODEX_GATEWAY_TOKEN' },
};

/** Returns what comes before the config file, by the keys of its settings. */
export function findOverrides(
  { token }: Pick<Settings, 'token'>,
  flags: Flags,
  environment: Environment,
): ReadonlyMap<string, Override> {
  const found = Object.entries(RULES).flatMap(([key, rule]) => {
    const override = applyRule(rule, flags, environment);
    return override === undefined ? [] : [[key, override] as const];
  });
  const ofToken = token && TOKEN_SOURCES[token.source];
  return new Map([...found, ...(ofToken ? [['token', ofToken] as const] : [])]);
}

function applyRule(
  { flag, variable, read }: Rule,
  flags: Flags,
  environment: Environment,
): Override | undefined {
  if (flag !== undefined && (flags[flag] ?? false) !== false) {
    return { source: 'flag', name: `--${flag.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}` };
  }
  const value = variable === undefined ? undefined : environment[variable];
  // An empty variable counts as unset.
  if (variable === undefined || !value) return undefined;
  return { source: 'environment', name: variable, ...(read && { value: read(value) }) };
}
