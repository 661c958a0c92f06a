import { expect, it } from 'vitest';
import { childEnvironment, loopbackEnvironment } from '../../../src/codex/process/environment.ts';
import { variablesOf, type Provider } from '../../../src/codex/home/provider.ts';

const PROVIDER: Provider = {
  id: 'x',
  config: { env_key: 'PROVIDER_KEY', env_http_headers: { 'x-team': 'PROVIDER_TEAM' } },
};

const SYSTEM = {
  PATH: '/bin',
  HOME: '/home/me',
  TMPDIR: '/tmp',
  LANG: 'C',
  LC_ALL: 'C',
  SSL_CERT_FILE: '/c',
  SSL_CERT_DIR: '/d',
  CODEX_CA_CERTIFICATE: '/e',
};
const PROXY = { HTTPS_PROXY: 'p', https_proxy: 'p', no_proxy: 'n' };
const NAMED = { PROVIDER_KEY: 'k', PROVIDER_TEAM: 't' };
const OTHERS = {
  OPENAI_API_KEY: 'k',
  CODEX_API_KEY: 'k',
  CODEX_ACCESS_TOKEN: 'k',
  CODEX_HOME: '/h',
  CODEX_GATEWAY_TOKEN: 't',
  AWS_SECRET_ACCESS_KEY: 's',
  RUST_LOG: 'trace',
  LD_PRELOAD: 'x',
};
const OWN = { ...SYSTEM, ...PROXY, ...NAMED, ...OTHERS };

it('the child gets only the variables that it needs', () => {
  expect(childEnvironment(OWN, variablesOf(PROVIDER), 'token')).toEqual({ ...SYSTEM, ...PROXY, ...NAMED });
});

it('the child gets no proxy and no login when it uses loopback', () => {
  expect(loopbackEnvironment(OWN)).toEqual(SYSTEM);
});

it("a provider variable that holds the gateway's own token is refused", () => {
  const name = 'PROVIDER_KEY';
  expect(() => childEnvironment({ ...OWN, [name]: 'token' }, variablesOf(PROVIDER), 'token')).toThrow(
    `${name} holds the gateway's own token`,
  );
});
