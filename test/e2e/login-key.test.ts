import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { chatgptLogin } from '../support/chatgpt.ts';
import { userEnvironment } from '../support/command-line.ts';
import { scriptedProvider } from '../support/gateway.ts';
import { runMain } from '../support/run-main.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const SCRIPT = fileURLToPath(new URL('../../bin/codex-gateway.js', import.meta.url));
const KEY = 'sk-test-1234567890abcdefghij';

function createUser() {
  const environment = userEnvironment(temporaryFolder());
  const home = environment.HOME!;
  return {
    environment,
    auth: join(home, '.codex/auth.json'),
    config: join(home, '.codex/config.toml'),
    homes: () => readdirSync(join(home, '.local/state/codex-gateway/homes')),
    /** Runs `login --with-api-key` with something on its standard input. */
    sendKey: (input: string) =>
      spawnSync(process.execPath, [SCRIPT, 'login', '--with-api-key'], {
        env: environment,
        encoding: 'utf8',
        input,
      }),
  };
}

it('login --with-api-key reads a key from standard input, stores it privately and prints it nowhere', async () => {
  const user = createUser();
  const { status, stdout, stderr } = user.sendKey(`${KEY}\n`);
  expect([status, stderr]).toEqual([0, '']);
  expect(stdout).toContain(`The API key is kept in ${user.auth};`);
  expect(stdout).not.toContain(KEY);
  expect(JSON.parse(readFileSync(user.auth, 'utf8'))).toMatchObject({ OPENAI_API_KEY: KEY });
  expect(statSync(user.auth).mode & 0o777).toBe(0o600);
  const state = await runMain(['login', 'status'], user.environment);
  expect(state).toEqual({
    code: 0,
    printed: `Signed in with an API key. The login is kept in ${user.auth}.`,
    complained: '',
  });
  expect(user.homes()).toEqual([]);
});

it('login --with-api-key without a key says how to send one', () => {
  const user = createUser();
  const { status, stdout, stderr } = user.sendKey(' \n');
  expect([status, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(
    /^codex-gateway: No key was given on standard input; pipe one in: printenv [^\n]*\n$/,
  );
  expect(user.sendKey('two words').stderr).toContain('An API key is a single word');
  expect(existsSync(user.auth)).toBe(false);
});

it('login status reports a ChatGPT login, and fails when no one is signed in', async () => {
  const user = createUser();
  expect(await runMain(['login', 'status'], user.environment)).toEqual({
    code: 1,
    printed: '',
    complained: expect.stringMatching(
      /^codex-gateway: Codex is not signed in; run `\S+ \S+codex-gateway\.js login`\.$/,
    ),
  });
  writeFileSync(user.auth, chatgptLogin(), { mode: 0o600 });
  expect((await runMain(['login', 'status'], user.environment)).printed).toMatch(/^Signed in with ChatGPT\./);
  expect((await runMain(['login', 'now'], user.environment)).complained).toBe(
    "codex-gateway: login takes only the word 'status'; leave out 'now'.",
  );
});

it('login status succeeds without a login when the provider needs no OpenAI account', async () => {
  const user = createUser();
  writeFileSync(user.config, scriptedProvider('http://127.0.0.1:9/v1'));
  expect(await runMain(['login', 'status'], user.environment)).toEqual({
    code: 0,
    printed: "No login is needed: the provider 'scripted' needs no OpenAI account.",
    complained: '',
  });
});

it('logout removes the login of Codex itself, and says whether there was one', async () => {
  const user = createUser();
  writeFileSync(user.auth, JSON.stringify({ OPENAI_API_KEY: KEY }), { mode: 0o600 });
  expect(await runMain(['logout'], user.environment)).toEqual({
    code: 0,
    printed: 'Signed out, including Codex itself. A running gateway notices at its next request.',
    complained: '',
  });
  expect(existsSync(user.auth)).toBe(false);
  expect((await runMain(['logout'], user.environment)).printed).toBe('Nobody was signed in.');
  expect(user.homes()).toEqual([]);
});
