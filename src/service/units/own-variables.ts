/** Variables of a shell that a service needs, so that it uses the same folders and networks. */
const NAMES = [
  'XDG_CONFIG_HOME',
  'XDG_STATE_HOME',
  'CODEX_HOME',
  'CODEX_GATEWAY_CONFIG',
  'CODEX_GATEWAY_HOST',
  'CODEX_GATEWAY_PORT',
  'CODEX_GATEWAY_CODEX',
  'CODEX_GATEWAY_LOG_LEVEL',
  'CODEX_GATEWAY_LOG_FORMAT',
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'CODEX_CA_CERTIFICATE',
  'NODE_EXTRA_CA_CERTS',
  ...['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY'].flatMap((name) => [name, name.toLowerCase()]),
];

/** A URL with a user or a password in it. */
const WITH_SECRET = /\/\/[^/\s]*@/;

export interface ServiceVariables {
  readonly kept: Readonly<Record<string, string>>;
  /** Names of variables that contain a secret, which must not be in a unit file. */
  readonly secret: readonly string[];
}

/** Chooses the variables for a service from those of the shell that installs it. */
export function chooseServiceVariables(
  environment: Readonly<Record<string, string | undefined>>,
): ServiceVariables {
  const found = NAMES.flatMap((name) => {
    const value = environment[name];
    return value ? [[name, value] as const] : [];
  });
  const isSecret = ([, value]: readonly [string, string]) => WITH_SECRET.test(value);
  const secret = found.filter(isSecret).map(([name]) => name);
  if (environment.CODEX_GATEWAY_TOKEN) secret.push('CODEX_GATEWAY_TOKEN');
  const path = withoutPackages(environment.PATH ?? '');
  const kept = found.filter((entry) => !isSecret(entry));
  return { kept: { ...(path !== '' && { PATH: path }), ...Object.fromEntries(kept) }, secret };
}

/** Returns a search path without the folders that npm adds while it runs a script. */
function withoutPackages(path: string): string {
  const folders = path.split(':').filter((folder) => folder.startsWith('/'));
  return folders.filter((folder) => !/\/(?:node_modules\/\.bin|node-gyp-bin)$/.test(folder)).join(':');
}
