import { StartupError } from '../../base/errors.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const SYSTEM = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'SSL_CERT_FILE', 'SSL_CERT_DIR', 'CODEX_CA_CERTIFICATE'];
const PROXY = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY'].flatMap((name) => [
  name,
  name.toLowerCase(),
]);
/** Variables that name another issuer of logins than OpenAI. */
const ISSUER = ['CODEX_APP_SERVER_LOGIN_ISSUER', 'CODEX_APP_SERVER_LOGIN_CLIENT_ID'];

/**
 * Returns the child's whole environment, by an allow-list: what the system needs, the proxy, and the variables that the
 * user's provider names. (A key of OpenAI's own provider is a login, which Codex takes from its file.)
 */
export function childEnvironment(
  own: Environment,
  providerVariables: readonly string[],
  gatewayToken: string | undefined,
): Record<string, string> {
  for (const name of providerVariables) {
    if (gatewayToken !== undefined && own[name] === gatewayToken) {
      throw new StartupError(
        `${name} holds the gateway's own token, which is for its clients; unset it in this shell before the start.`,
      );
    }
  }
  return pick(own, [...SYSTEM, ...localeNames(own), ...PROXY, ...providerVariables]);
}

/** Returns the environment for signing in, which needs no key and gets none. */
export function loginEnvironment(own: Environment): Record<string, string> {
  return pick(own, [...SYSTEM, ...localeNames(own), ...PROXY, ...ISSUER]);
}

/** Returns the environment for a provider on this machine that needs no login: it has no proxy and no key. */
export function loopbackEnvironment(own: Environment): Record<string, string> {
  return pick(own, [...SYSTEM, ...localeNames(own)]);
}

function localeNames(own: Environment): string[] {
  return Object.keys(own).filter((name) => name.startsWith('LC_'));
}

function pick(own: Environment, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => (own[name] === undefined ? [] : [[name, own[name]]])));
}
