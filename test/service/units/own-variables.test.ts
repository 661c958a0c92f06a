import { expect, it } from 'vitest';
import { chooseServiceVariables } from '../../../src/service/units/own-variables.ts';

it('a service has the variables of the shell that lead to the same folders and networks, and no others', () => {
  const { kept, secret } = chooseServiceVariables({
    CODEX_HOME: '/home/me/.codex',
    XDG_STATE_HOME: '/data',
    CODEX_GATEWAY_PORT: '8123',
    https_proxy: 'http://proxy:3128',
    CODEX_GATEWAY_LOG_LEVEL: '',
    SECRET_OF_ANOTHER: 'x',
    OPENAI_API_KEY: 'sk-x',
  });
  expect(kept).toEqual({
    CODEX_HOME: '/home/me/.codex',
    XDG_STATE_HOME: '/data',
    CODEX_GATEWAY_PORT: '8123',
    https_proxy: 'http://proxy:3128',
  });
  expect(secret).toEqual([]);
});

it('the search path of a service lacks the folders that npm adds for a script', () => {
  const PATH = '/clone/node_modules/.bin:/a/node-gyp-bin:relative:/usr/local/bin:/usr/bin';
  expect(chooseServiceVariables({ PATH }).kept).toEqual({ PATH: '/usr/local/bin:/usr/bin' });
});

it('a token, or a proxy with a password, is named and not kept', () => {
  const { kept, secret } = chooseServiceVariables({
    CODEX_GATEWAY_TOKEN: 'codex-gateway-local-x',
    HTTPS_PROXY: 'http://me:secret@proxy:3128',
    NO_PROXY: 'localhost',
  });
  expect(kept).toEqual({ NO_PROXY: 'localhost' });
  expect(secret.toSorted()).toEqual(['CODEX_GATEWAY_TOKEN', 'HTTPS_PROXY']);
});
