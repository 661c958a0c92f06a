/** Variables from which OpenAI's own provider gets headers, none of them a secret. */
const ACCOUNT = ['OPENAI_ORGANIZATION', 'OPENAI_PROJECT'];

/** Variables of a shell with settings: those of folders, networks and the gateway itself, and those that earlier adapters had. */
const NAMES: ReadonlySet<string> = new Set([
  'XDG_CONFIG_HOME',
  'XDG_STATE_HOME',
  'CODEX_HOME',
  'CODEX_GATEWAY_CONFIG',
  'CODEX_GATEWAY_HOST',
  'CODEX_GATEWAY_PORT',
  'CODEX_GATEWAY_CODEX',
  'CODEX_GATEWAY_LOG_LEVEL',
  'CODEX_GATEWAY_LOG_FORMAT',
  'CODEX_OSS_BASE_URL',
  'CODEX_OSS_PORT',
  'CODEX_MAX_CONCURRENT_TURNS',
  'CODEX_MAX_QUEUED_TURNS',
  ...ACCOUNT,
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'CODEX_CA_CERTIFICATE',
  'NODE_EXTRA_CA_CERTS',
  ...['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY'].flatMap((name) => [name, name.toLowerCase()]),
  ...['RESPONSES_URL', 'MODELS_URL', 'TOKEN_URL', 'USER_URL'].map((name) => `COPILOT_${name}`),
  ...['TOKEN_FILE', 'TOKEN_REFRESH', 'TOKEN_EXPIRY_BUFFER_SECONDS'].map((name) => `COPILOT_${name}`),
  ...['EDITOR_VERSION', 'CHAT_VERSION'].map((name) => `COPILOT_${name}`),
  ...['GRAPHQL_URL', 'DEVICE_CODE_URL', 'ACCESS_TOKEN_URL'].map((name) => `GITHUB_${name}`),
  ...['OAUTH_CLIENT_ID', 'OAUTH_SCOPE', 'API_VERSION'].map((name) => `GITHUB_${name}`),
  ...['FILE', 'LEVEL', 'MAX_BYTES', 'CONTENT_MAX_BYTES'].map((name) => `CODEX_CODE_ROUTER_RAW_LOG_${name}`),
  ...['MAX_TOTAL_WAIT_MS', 'MAX_SLEEP_MS', 'INITIAL_BACKOFF_MS', 'BACKOFF_MULTIPLIER'].map(
    (name) => `RATE_LIMIT_${name}`,
  ),
  'REQUEST_TIMEOUT_MS',
  'REQUEST_BODY_LIMIT_BYTES',
]);

/** Variables that contain a secret, whatever their value. */
const SECRETS: ReadonlySet<string> = new Set([
  'CODEX_GATEWAY_TOKEN',
  'GH_COPILOT_TOKEN',
  'COPILOT_BEARER_TOKEN',
]);

/** Matches the variables of OpenTelemetry. */
const TELEMETRY = /^OTEL_\w+$/;

/** Matches those of them that contain the key of a collector. */
const TELEMETRY_SECRET = /^OTEL_\w*HEADERS$/;

/** Matches a URL with a user, a password or a query, where secrets may be. That of a proxy may lack its scheme. */
const WITH_SECRET = /\/\/(?:[^/\s]*@|[^\s]*\?)|^[^/\s:@]+:[^/\s@]*@/;

export interface OwnVariables {
  /** Variables without secrets. */
  readonly kept: Readonly<Record<string, string>>;
  /** Names of variables with a secret, which must be in no file that the gateway writes. */
  readonly secret: readonly string[];
}

/**
 * Chooses from the variables of a shell those that a gateway needs to be the same when a service or a later command starts it.
 * @param providerVariables Names of variables from which the provider of Codex gets its key and headers.
 */
export function chooseOwnVariables(
  environment: Readonly<Record<string, string | undefined>>,
  providerVariables: readonly string[] = [],
): OwnVariables {
  const path = withoutPackages(environment.PATH ?? '');
  const kept: Record<string, string> = path === '' ? {} : { PATH: path };
  const secret: string[] = [];
  for (const [name, value] of Object.entries(environment)) {
    if (!value) continue;
    const kind = kindOf(name, value, providerVariables);
    if (kind === 'setting') kept[name] = value;
    if (kind === 'secret') secret.push(name);
  }
  return { kept, secret };
}

function kindOf(
  name: string,
  value: string,
  providerVariables: readonly string[],
): 'setting' | 'secret' | undefined {
  const isKey = providerVariables.includes(name) && !ACCOUNT.includes(name);
  if (isKey || SECRETS.has(name) || TELEMETRY_SECRET.test(name)) return 'secret';
  if (!NAMES.has(name) && !TELEMETRY.test(name)) return undefined;
  return WITH_SECRET.test(value) ? 'secret' : 'setting';
}

/** Returns a search path without the folders that npm adds while it runs a script. */
function withoutPackages(path: string): string {
  const folders = path.split(':').filter((folder) => folder.startsWith('/'));
  return folders.filter((folder) => !/\/(?:node_modules\/\.bin|node-gyp-bin)$/.test(folder)).join(':');
}
