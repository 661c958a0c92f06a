import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { userEnvironment } from '../support/command-line.ts';
import { entered, startIssuer } from '../support/issuer.ts';
import { childrenOf, until } from '../support/process.ts';
import { runMain } from '../support/run-main.ts';
import { startSilentServer } from '../support/silent-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

function createUser(issuer: string) {
  const folder = temporaryFolder();
  const environment = { ...userEnvironment(folder), CODEX_APP_SERVER_LOGIN_ISSUER: issuer };
  const home = join(folder, 'home');
  return {
    environment,
    codexHome: join(home, '.codex'),
    auth: join(home, '.codex/auth.json'),
    homes: () => readdirSync(join(home, '.local/state/codex-gateway/homes')),
  };
}

/** Nothing of the sign-in is left but what it was for. */
function expectTidy(user: ReturnType<typeof createUser>) {
  expect([user.homes(), childrenOf(process.pid, 'app-server')]).toEqual([[], []]);
}

describe('login', () => {
  it('shows the page and the code, waits, and keeps the login where Codex does', async () => {
    const issuer = await startIssuer(entered);
    const user = createUser(issuer.url);
    const { code, printed, complained } = await runMain(['login'], user.environment);
    expect([code, complained]).toEqual([0, '']);
    expect(printed).toContain(`${issuer.url}/codex/device`);
    expect(printed).toContain('ABCD-1234');
    expect(printed).toContain(`Signed in. The login is kept in ${user.auth};`);
    expect(JSON.parse(readFileSync(user.auth, 'utf8'))).toMatchObject({
      auth_mode: 'chatgpt',
      tokens: { refresh_token: 'refresh-1' },
    });
    expect(statSync(user.auth).mode & 0o777).toBe(0o600);
    expect(issuer.requests).toEqual([
      '/api/accounts/deviceauth/usercode',
      ...Array.from({ length: 3 }, () => '/api/accounts/deviceauth/token'),
      '/oauth/token',
    ]);
    expectTidy(user);
  });

  it('replaces an earlier login, which others could read', async () => {
    const user = createUser((await startIssuer(entered)).url);
    writeFileSync(user.auth, '{"OPENAI_API_KEY":"sk-x"}');
    chmodSync(user.auth, 0o644);
    expect(await runMain(['login'], user.environment)).toMatchObject({
      code: 0,
      printed: expect.stringContaining('this one takes its place'),
    });
    expect(readFileSync(user.auth, 'utf8')).toContain('refresh-1');
    expect(statSync(user.auth).mode & 0o777).toBe(0o600);
  });

  it('creates a private folder for a Codex that was never used', async () => {
    const { url } = await startIssuer(entered);
    const home = join(temporaryFolder(), 'new-home');
    mkdirSync(home);
    const environment = { PATH: process.env.PATH!, HOME: home, CODEX_APP_SERVER_LOGIN_ISSUER: url };
    expect(await runMain(['login'], environment)).toMatchObject({ code: 0 });
    expect(statSync(join(home, '.codex')).mode & 0o777).toBe(0o700);
    expect(statSync(join(home, '.codex/auth.json')).mode & 0o777).toBe(0o600);
  });

  it('says that a Codex with its logins in the keyring does not use this one', async () => {
    const user = createUser((await startIssuer(entered)).url);
    writeFileSync(join(user.codexHome, 'config.toml'), 'cli_auth_credentials_store = "keyring"');
    const { code, printed } = await runMain(['login'], user.environment);
    expect([code, existsSync(user.auth)]).toEqual([0, true]);
    expect(printed).toContain('Codex itself does not use this one');
  });

  it('says how long the code is still valid', async () => {
    const issuer = await startIssuer((count) => (count < 3 ? { status: 403 } : { status: 400 }), '1');
    const progress: string[] = [];
    await runMain(['login'], createUser(issuer.url).environment, progress);
    expect(progress).toContainEqual(
      expect.stringMatching(/^Waiting for the sign-in; the code expires in 14:5\d\./),
    );
    expect(progress.at(-1)).toBe('');
  });
});

describe('a failed login', () => {
  const LOGIN = '{"OPENAI_API_KEY":"sk-x"}';
  async function expectRefusal(issuer: string, pattern: RegExp) {
    const user = createUser(issuer);
    writeFileSync(user.auth, LOGIN);
    const outcome = await runMain(['login'], user.environment);
    expect(outcome).toMatchObject({ code: 1, complained: expect.stringMatching(/^codex-gateway: [^\n]*$/) });
    expect(outcome.complained).toMatch(pattern);
    expect(readFileSync(user.auth, 'utf8')).toBe(LOGIN);
    expectTidy(user);
  }

  it.each([
    ['refused', 400],
    ['with an expired code', 410],
  ])('prints one line and changes nothing when it is %s', async (_name, status) => {
    const issuer = await startIssuer((count) => (count < 2 ? { status: 403 } : { status }));
    await expectRefusal(
      issuer.url,
      new RegExp(`refused, or its code has expired \\(.*status ${status}.*sign in again for a new code`),
    );
  });

  it('prints one line and changes nothing when the issuer cannot be reached', async () => {
    await expectRefusal('http://127.0.0.1:9', /Codex cannot sign in: .*device code/);
  });

  it('prints one line and changes nothing when config.toml forbids it', async () => {
    const issuer = await startIssuer(entered);
    const user = createUser(issuer.url);
    writeFileSync(join(user.codexHome, 'config.toml'), 'forced_login_method = "api"');
    expect((await runMain(['login'], user.environment)).complained).toContain('ChatGPT login is disabled');
  });

  it('prints one line and changes nothing when a signal cancels it', async () => {
    // Other files have run in this process.
    const before = process.listenerCount('SIGINT');
    const issuer = await startIssuer(() => ({ status: 403 }), '1');
    const user = createUser(issuer.url);
    const running = runMain(['login'], user.environment);
    await until(() => issuer.requests.length > 1);
    process.emit('SIGINT');
    expect(await running).toMatchObject({ code: 1, complained: expect.stringContaining('was cancelled') });
    expectTidy(user);
    expect(process.listenerCount('SIGINT')).toBe(before);
  });
});

it('a login can be cancelled when the issuer never answers', async () => {
  const { port, asked } = await startSilentServer();
  const user = createUser(`http://127.0.0.1:${port}`);
  const running = runMain(['login'], user.environment);
  await asked;
  process.emit('SIGINT');
  expect((await running).code).toBe(1);
  expectTidy(user);
});
