import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSettings } from '../../../src/app/config/config.ts';
import { copilotOptions } from '../../../src/app/copilot/copilot-options.ts';
import { SILENT } from '../../../src/app/log/observer.ts';
import { StartupError } from '../../../src/base/errors.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** Options of a user with the given variables and the given `copilot` in the config file. */
async function read(variables: Record<string, string> = {}, copilot: object = {}) {
  const home = temporaryFolder();
  const environment = { HOME: home, ...variables };
  mkdirSync(join(home, '.config/codex-gateway'), { recursive: true });
  writeFileSync(join(home, '.config/codex-gateway/config.json'), JSON.stringify({ copilot }));
  const settings = await readSettings({}, environment);
  return { home, ...copilotOptions(settings, environment, SILENT) };
}

describe('the options of the Copilot adapter', () => {
  it('have the defaults that the documentation lists', async () => {
    const { home, credentials, diagnostics, request, rateLimit, ...rest } = await read();
    expect(credentials).toEqual({
      tokenFile: join(home, '.copilot-tokens.json'),
      githubFolder: join(home, '.config/github-copilot'),
      useGhCli: false,
      refreshes: true,
      expiryBufferSeconds: 300,
      oauthClientId: '01ab8ac9400c4e429b23',
      oauthScope: 'read:user',
      environment: { HOME: home },
    });
    expect(diagnostics).toEqual({
      level: 'off',
      file: join(home, '.local/state/codex-gateway/copilot/diagnostics.jsonl'),
      maxLineBytes: 65_536,
      contentBytes: 16_384,
      maxFileBytes: 10_485_760,
    });
    expect(request).toMatchObject({
      identity: 'editor',
      editorVersion: 'vscode/1.109.2',
      chatVersion: '0.35.0',
      apiVersion: '2025-10-01',
      stripWebSearch: true,
      stripTurnMetadata: true,
    });
    expect(rateLimit).toEqual({
      budgetMs: 60_000,
      maxSleepMs: 60_000,
      initialBackoffMs: 1_000,
      backoffMultiplier: 2,
    });
    expect(rest).toMatchObject({ headersTimeoutMs: 300_000, idleTimeoutMs: 300_000 });
  });

  it('are those of the variables where a setting says something else', async () => {
    const options = await read(
      {
        COPILOT_TOKEN_FILE: '/tokens.json',
        CODEX_CODE_ROUTER_RAW_LOG_LEVEL: 'metadata',
        CODEX_CODE_ROUTER_RAW_LOG_FILE: '/log.jsonl',
        CODEX_CODE_ROUTER_RAW_LOG_MAX_BYTES: '1000',
        CODEX_CODE_ROUTER_RAW_LOG_CONTENT_MAX_BYTES: '100',
        RATE_LIMIT_MAX_TOTAL_WAIT_MS: '0',
        RATE_LIMIT_MAX_SLEEP_MS: '5',
      },
      {
        tokenFile: '/other.json',
        diagnostics: { level: 'full_content', file: '/other.jsonl', maxLineBytes: 2000, contentBytes: 200 },
        rateLimit: { budget: 7, maxSleep: 8 },
      },
    );
    expect(options.credentials.tokenFile).toBe('/tokens.json');
    expect(options.diagnostics).toMatchObject({
      level: 'metadata',
      file: '/log.jsonl',
      maxLineBytes: 1000,
      contentBytes: 100,
    });
    expect(options.rateLimit).toMatchObject({ budgetMs: 0, maxSleepMs: 5 });
  });

  it('are those of the settings if a variable is empty', async () => {
    const options = await read(
      { COPILOT_TOKEN_FILE: '', RATE_LIMIT_MAX_TOTAL_WAIT_MS: '' },
      { tokenFile: '~/my tokens.json', rateLimit: { budget: 0.5 }, identity: 'gateway' },
    );
    expect(options.credentials.tokenFile).toBe(join(options.home, 'my tokens.json'));
    expect(options.rateLimit.budgetMs).toBe(500);
    expect(options.request.identity).toBe('gateway');
  });

  it('contain every URL that a variable names', async () => {
    const { urls } = await read({
      COPILOT_RESPONSES_URL: 'http://127.0.0.1:1/a',
      COPILOT_MODELS_URL: 'http://127.0.0.1:1/b',
      COPILOT_TOKEN_URL: 'http://127.0.0.1:1/c',
      COPILOT_USER_URL: 'http://127.0.0.1:1/d',
      GITHUB_GRAPHQL_URL: 'http://127.0.0.1:1/e',
      GITHUB_DEVICE_CODE_URL: 'http://127.0.0.1:1/f',
      GITHUB_ACCESS_TOKEN_URL: 'http://127.0.0.1:1/g',
    });
    const names = ['responses', 'models', 'token', 'user', 'graphql', 'deviceCode', 'accessToken'];
    expect(urls).toMatchObject(
      Object.fromEntries(names.map((name, index) => [name, `http://127.0.0.1:1/${'abcdefg'[index]}`])),
    );
  });

  it('end a silent request after REQUEST_TIMEOUT_MS, before and after its first byte', async () => {
    expect(await read({ REQUEST_TIMEOUT_MS: '70' })).toMatchObject({
      headersTimeoutMs: 70,
      idleTimeoutMs: 70,
    });
  });

  it.each([
    ['1', true],
    ['TRUE', true],
    ['yes', true],
    ['on', true],
    ['0', false],
    ['false', false],
    ['no', false],
    ['off', false],
  ])('read COPILOT_TOKEN_REFRESH=%s as %j', async (text, expected) => {
    expect((await read({ COPILOT_TOKEN_REFRESH: text })).credentials.refreshes).toBe(expected);
  });

  it('use the folder of the XDG specification for the logins of other programs, and any proxy', async () => {
    const options = await read({ XDG_CONFIG_HOME: '/nonexistent', https_proxy: 'http://p:1', no_proxy: 'a' });
    expect(options.credentials.githubFolder).toBe('/nonexistent/github-copilot');
    expect(options.http.proxyFor(new URL('https://github.com'))?.href).toBe('http://p:1/');
    expect(options.http.proxyFor(new URL('https://a'))).toBeUndefined();
  });
});

it.each([
  [
    'CODEX_CODE_ROUTER_RAW_LOG_LEVEL',
    'loud',
    "is 'loud', but it has to be off, metadata, content_redacted or full_content.",
  ],
  ['CODEX_CODE_ROUTER_RAW_LOG_MAX_BYTES', '10', "is '10', but it has to be a whole number from 256 to "],
  ['COPILOT_TOKEN_REFRESH', 'maybe', "is 'maybe', but it has to be 1, true, yes, on, 0, false, no or off."],
  ['REQUEST_TIMEOUT_MS', '-5', "is '-5', but it has to be a whole number from 1 to "],
  ['RATE_LIMIT_MAX_TOTAL_WAIT_MS', '1.5', 'a whole number from 0 to '],
  ['RATE_LIMIT_BACKOFF_MULTIPLIER', 'x2', 'a number from 1 to 100.'],
  ['COPILOT_RESPONSES_URL', 'secret.example', 'has to be a URL that begins with https:// or http://.'],
  ['GH_COPILOT_TOKEN', 'a\nb', 'has to be text in printable ASCII characters.'],
])('a wrong %s is named in the reason not to start', async (name, value, words) => {
  const refusal = read({ [name]: value });
  await expect(refusal).rejects.toThrow(StartupError);
  await expect(refusal).rejects.toThrow(`${name} `);
  await expect(refusal).rejects.toThrow(words);
});
