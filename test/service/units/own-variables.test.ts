import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { chooseOwnVariables } from '../../../src/service/units/own-variables.ts';

it('a service has the variables of the shell that lead to the same folders and networks, and no others', () => {
  const { kept, secret } = chooseOwnVariables({
    CODEX_HOME: '/home/me/.codex',
    XDG_STATE_HOME: '/data',
    CODEX_GATEWAY_PORT: '8123',
    https_proxy: 'http://proxy:3128',
    CODEX_GATEWAY_LOG_LEVEL: '',
    OTEL_SERVICE_NAME: 'mine',
    COPILOT_TOKEN_FILE: '/home/me/tokens.json',
    SECRET_OF_ANOTHER: 'x',
    OPENAI_API_KEY: 'sk-x',
  });
  expect(kept).toEqual({
    CODEX_HOME: '/home/me/.codex',
    XDG_STATE_HOME: '/data',
    CODEX_GATEWAY_PORT: '8123',
    https_proxy: 'http://proxy:3128',
    OTEL_SERVICE_NAME: 'mine',
    COPILOT_TOKEN_FILE: '/home/me/tokens.json',
  });
  expect(secret).toEqual([]);
});

it('the search path of a service lacks the folders that npm adds for a script', () => {
  const PATH = '/clone/node_modules/.bin:/a/node-gyp-bin:relative:/usr/local/bin:/usr/bin';
  expect(chooseOwnVariables({ PATH }).kept).toEqual({ PATH: '/usr/local/bin:/usr/bin' });
});

it('a token, or a proxy with a password, also one without a scheme, is named and not kept', () => {
  const { kept, secret } = chooseOwnVariables({
    CODEX_GATEWAY_TOKEN: 'codex-gateway-local-x',
    HTTPS_PROXY: 'http://me:secret@proxy:3128',
    HTTP_PROXY: 'me:secret@proxy:3128',
    ALL_PROXY: 'proxy:3128',
    NO_PROXY: 'localhost',
  });
  expect(kept).toEqual({ ALL_PROXY: 'proxy:3128', NO_PROXY: 'localhost' });
  expect(secret.toSorted()).toEqual(['CODEX_GATEWAY_TOKEN', 'HTTPS_PROXY', 'HTTP_PROXY']);
});

it('keys of Copilot, of a collector and of the provider are named and not kept', () => {
  const environment = {
    GH_COPILOT_TOKEN: 'ghu_x',
    COPILOT_BEARER_TOKEN: 'x',
    OTEL_EXPORTER_OTLP_HEADERS: 'authorization=x',
    OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'authorization=x',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'https://collector.example/?key=x',
    MY_PROVIDER_KEY: 'x',
    OTHER_KEY: 'x',
  };
  const { kept, secret } = chooseOwnVariables(environment, ['MY_PROVIDER_KEY', 'UNSET_KEY']);
  expect(kept).toEqual({});
  expect(secret).toEqual(Object.keys(environment).filter((name) => name !== 'OTHER_KEY'));
});

it('the headers of an account of OpenAI are kept', () => {
  const headers = { OPENAI_ORGANIZATION: 'org-x', OPENAI_PROJECT: 'proj-x' };
  expect(chooseOwnVariables(headers, Object.keys(headers))).toEqual({ kept: headers, secret: [] });
});

it('each variable of the documentation is kept or named', () => {
  const documents = ['configuration', 'copilot', 'monitoring'].map((name) =>
    readFileSync(`docs/${name}.md`, 'utf8'),
  );
  // Other programs, and commands other than `serve`, have these; a service has its own home.
  const others =
    /^(?:HOST|PORT|HOME|GH_TOKEN|GITHUB_TOKEN|COPILOT_GITHUB_TOKEN|CODEX_CODE_ROUTER_STATE_DIR|OPENAI_API_KEY|OPENAI_BASE_URL)$/;
  const names = documents.flatMap((text) =>
    [...text.matchAll(/`([A-Z]+_[A-Z_]+)`/g)].map(([, name]) => name!),
  );
  const asked = [...new Set(names)].filter((name) => !others.test(name));
  expect(asked.length).toBeGreaterThan(30);
  const { kept, secret } = chooseOwnVariables(Object.fromEntries(asked.map((name) => [name, '1'])));
  expect(asked.filter((name) => !(name in kept) && !secret.includes(name))).toEqual([]);
});
