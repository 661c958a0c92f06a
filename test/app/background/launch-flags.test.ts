import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { formatFlags, launchEnvironment, launchFlags } from '../../../src/app/background/launch-flags.ts';

it('a start in the background gets the options of the command line, with whole paths and without the token', () => {
  const flags = {
    port: '8123',
    demo: true,
    strict: false,
    tokenFile: 'token',
    config: './config.json',
    codex: 'codex',
    token: 'codex-gateway-local-secret',
    inBackground: true,
  };
  expect(formatFlags(launchFlags(flags))).toEqual([
    '--port=8123',
    '--demo',
    `--token-file=${resolve('token')}`,
    `--config=${resolve('config.json')}`,
    '--codex=codex',
  ]);
});

it('a binary that is named by a path is found from another folder', () => {
  expect(formatFlags(launchFlags({ codex: 'bin/codex' }))).toEqual([`--codex=${resolve('bin/codex')}`]);
});

it('the token of the command line reaches it by the environment, which the process list does not show', () => {
  const environment = launchEnvironment({ CODEX_GATEWAY_TOKEN: 'other', A: '1' }, { token: 'given' });
  expect(environment).toEqual({ CODEX_GATEWAY_TOKEN: 'given', A: '1' });
});

it('paths in variables are whole, so that they lead to the same places', () => {
  const environment = {
    CODEX_HOME: 'home',
    CODEX_GATEWAY_CODEX: './codex',
    SSL_CERT_FILE: '/etc/x',
    HOME: '/h',
  };
  expect(launchEnvironment(environment, {})).toEqual({
    CODEX_HOME: resolve('home'),
    CODEX_GATEWAY_CODEX: resolve('codex'),
    SSL_CERT_FILE: '/etc/x',
    HOME: '/h',
  });
});
