import { StartupError } from '../../base/errors.ts';
import { variablesOf, type Provider } from '../home/provider.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

const SYSTEM = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'SSL_CERT_FILE', 'SSL_CERT_DIR', 'CODEX_CA_CERTIFICATE'];
const PROXY = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY'].flatMap((name) => [
  name,
  name.toLowerCase(),
]);
/** Another place to sign in at than OpenAI's. */
const ISSUER = ['CODEX_APP_SERVER_LOGIN_ISSUER', 'CODEX_APP_SERVER_LOGIN_CLIENT_ID'];

/**
 * The child's whole environment, by an allow-list: what the system needs, the proxy and what the user's provider
 * names. (A key of OpenAI's own provider is a login; Codex takes it from its file, not from a variable.)
 */
export function childEnvironment(
  own: Environment,
  provider: Provider,
  gatewayToken: string | undefined,
): Record<string, string> {
  const secrets = variablesOf(provider);
  for (const name of secrets) {
    if (gatewayToken !== undefined && own[name] === gatewayToken) {
      throw new StartupError(
        `${name} holds the gateway's own token, which is for its clients; unset it in this shell before the start.`,
      );
    }
  }
  return pick(own, [...SYSTEM, ...localeNames(own), ...PROXY, ...secrets]);
}

/** For signing in: no key is needed, and none comes along. */
export function loginEnvironment(own: Environment): Record<string, string> {
  return pick(own, [...SYSTEM, ...localeNames(own), ...PROXY, ...ISSUER]);
}

/** For a provider on this machine that needs no login: no proxy stands between, and no key comes along. */
export function loopbackEnvironment(own: Environment): Record<string, string> {
  return pick(own, [...SYSTEM, ...localeNames(own)]);
}

function localeNames(own: Environment): string[] {
  return Object.keys(own).filter((name) => name.startsWith('LC_'));
}

function pick(own: Environment, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => (own[name] === undefined ? [] : [[name, own[name]]])));
}
