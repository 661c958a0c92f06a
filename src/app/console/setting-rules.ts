/** Headings of settings, by the first of their keys. */
const GROUPS: readonly (readonly [title: string, keys: readonly string[]])[] = [
  [
    'Models and providers',
    [
      'provider',
      'defaultModel',
      'models',
      'reasoningEffort',
      'verbosity',
      'serviceTier',
      'system',
      'reasoningSummary',
      'maxTokens',
      'continuation',
      'nativeTools',
      'transport',
      'compatibility',
      'imageHosts',
    ],
  ],
  ['Storage and limits', ['store', 'requestLog', 'limits', 'bodyLimit', 'child', 'log']],
  ['Times, in seconds', ['deadlines', 'keepAlive', 'retryAfter']],
  ['Agent sessions', ['sessions']],
  ['Internal tools', ['tools']],
  ['GitHub Copilot', ['copilot']],
];

const SERVER = 'The server';

/** Returns the heading under which a setting is shown. */
export function groupOf([first = '']: readonly string[]): string {
  return GROUPS.find(([, keys]) => keys.includes(first))?.[0] ?? SERVER;
}

/** Returns a number by which settings are sorted: that of their group. */
export function rankOf(path: readonly string[]): number {
  return GROUPS.findIndex(([title]) => title === groupOf(path));
}

/** Settings whose values never leave the gateway. */
const SECRETS: ReadonlySet<string> = new Set(['token', 'copilot.token', 'copilot.headers']);

export function isSecret(key: string): boolean {
  return SECRETS.has(key);
}

/** Settings by which a browser could make the gateway run a program, reach further files, or send a secret somewhere else. */
const BY_HAND: readonly string[] = [
  'codex',
  'provider',
  'copilot.baseUrl',
  'copilot.githubHost',
  'copilot.tokenFile',
  'copilot.forwardHeaders',
  'copilot.diagnostics.file',
  'sessions.roots',
  'sessions.unsandboxed',
  'tools.knowledge',
  'tools.tests',
  'tools.repositories',
  'tools.github.apiUrl',
  'tools.github.tokenFile',
  'tools.github.tokenEnv',
  'tools.modules',
];

/** Returns why a setting is not changed in a browser; null if it is. */
export function lockOf(key: string): string | null {
  if (key === 'models') return 'The page Models changes these.';
  if (isSecret(key)) return 'A secret is changed in the file by hand.';
  if (BY_HAND.includes(key)) {
    return 'It decides which programs run, which files are reached or where secrets are sent, so it is changed in the file by hand.';
  }
  return null;
}
