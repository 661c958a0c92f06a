import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { spawnCommand } from '../../support/command-line.ts';
import { COPILOT_TOKEN, startCopilotFakes } from '../../support/copilot/copilot-fakes.ts';
import { exchangedToken, NO_SUBSCRIPTION, USER_CODE } from '../../support/copilot/fake-github.ts';
import { answerWith } from '../../support/copilot/recording-server.ts';
import { until } from '../../support/process.ts';
import { runMain } from '../../support/run-main.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** Someone at a terminal, with GitHub and Copilot on loopback. */
async function createUser(variables: Record<string, string> = {}) {
  const fakes = await startCopilotFakes();
  onTestFinished(() => fakes.close());
  const home = temporaryFolder();
  const environment = { HOME: home, ...fakes.environment, ...variables };
  const tokenFile = join(home, '.copilot-tokens.json');
  return {
    ...fakes,
    home,
    environment,
    tokenFile,
    writeTokens: (tokens: object) => writeFileSync(tokenFile, JSON.stringify(tokens), { mode: 0o600 }),
    readTokens: () => JSON.parse(readFileSync(tokenFile, 'utf8')) as Record<string, unknown>,
    copilot: fakes.copilot,
    run: (...words: string[]) => runMain(['copilot', ...words], environment),
  };
}

describe('copilot login', () => {
  it('prints a page and a code, and keeps the login, without a terminal', async () => {
    const user = await createUser();
    const { code, printed, complained } = await user.run('login');
    expect([code, complained]).toEqual([0, '']);
    expect(printed).toContain(`\n  ${user.github.origin}/login/device\n\nand enter the code ${USER_CODE}\n`);
    expect(printed).toContain(`Signed in. The login is kept in ${user.tokenFile};`);
    expect(printed).toContain('copilot status` prints plan and quota');
    expect(user.readTokens()).toEqual({ githubToken: 'ghu_fromLogin', lastUpdated: expect.any(String) });
    expect(statSync(user.tokenFile).mode & 0o777).toBe(0o600);
  });

  it('says which other token comes first', async () => {
    const user = await createUser({ COPILOT_BEARER_TOKEN: COPILOT_TOKEN });
    expect((await user.run('login')).printed).toContain(
      'It is not used as long as COPILOT_BEARER_TOKEN is set, which comes first.',
    );
  });

  it('says that the sign-in was refused, and leaves nothing', async () => {
    const user = await createUser();
    user.github.loginSteps = ['access_denied'];
    const { code, complained } = await user.run('login');
    expect([code, complained]).toEqual([1, 'codex-gateway: The sign-in was refused at GitHub.']);
    expect(existsSync(user.tokenFile)).toBe(false);
  });

  it('ends with 130 on Ctrl-C, says so, and leaves the old login as it is', async () => {
    const user = await createUser();
    user.github.loginSteps = ['authorization_pending'];
    user.writeTokens({ githubToken: 'ghu_old' });
    const child = spawnCommand(['copilot', 'login'], user.environment);
    await until(() => user.github.requests.length > 0);
    child.kill('SIGINT');
    const { code, stdout, stderr } = await child.finished;
    expect(code).toBe(130);
    expect(stdout).not.toContain('Signed in');
    expect(stderr).toBe('codex-gateway: The sign-in was cancelled; nothing has changed.\n');
    expect(user.readTokens()).toEqual({ githubToken: 'ghu_old' });
  });
});

describe('copilot logout', () => {
  it('removes the login, and the file if nothing else is in it', async () => {
    const user = await createUser();
    user.writeTokens({ githubToken: 'ghu_a', copilotToken: 'tid=1:x', expiresAt: 1, lastUpdated: 'now' });
    const { code, printed } = await user.run('logout');
    expect([code, printed]).toEqual([
      0,
      expect.stringContaining(`Signed out of GitHub Copilot: ${user.tokenFile}`),
    ]);
    expect(existsSync(user.tokenFile)).toBe(false);
    expect(await user.run('logout')).toMatchObject({
      code: 0,
      printed: `Nobody was signed in to GitHub Copilot with ${user.tokenFile}.`,
    });
    expect(user.github.requests).toEqual([]);
  });

  it('keeps what other programs have in the file, and names a token that can still be used', async () => {
    const user = await createUser({ GH_COPILOT_TOKEN: 'gho_other' });
    user.writeTokens({ githubToken: 'ghu_a', theirs: 1 });
    const { printed } = await user.run('logout');
    expect(user.readTokens()).toEqual({ theirs: 1 });
    expect(printed).toContain('GitHub Copilot can still be used, with the token of GH_COPILOT_TOKEN.');
  });
});

describe('copilot print-token', () => {
  it('prints the token after its exchange, without a line break, and nothing else', async () => {
    const user = await createUser({ GH_COPILOT_TOKEN: 'ghu_secret' });
    const child = spawnCommand(['copilot', 'print-token'], user.environment);
    expect(await child.finished).toEqual({ code: 0, stdout: exchangedToken(1), stderr: '' });
  });

  it('prints a line to standard error alone if there is no token', async () => {
    const user = await createUser();
    const { code, printed, complained } = await user.run('print-token');
    expect([code, printed]).toEqual([1, '']);
    expect(complained).toMatch(
      /^codex-gateway: You are not signed in to GitHub Copilot\. Run `[^\n]* copilot login`\.$/,
    );
  });
});

describe('copilot status', () => {
  it('asks GitHub once where Copilot is, for a token that is sent as it is', async () => {
    const user = await createUser({
      GH_COPILOT_TOKEN: 'gho_a',
      COPILOT_RESPONSES_URL: '',
      COPILOT_MODELS_URL: '',
    });
    const copilotEndpoints = { api: user.copilot.origin };
    user.github.graphql = answerWith(200, { data: { viewer: { copilotEndpoints } } });
    const { code, printed } = await user.run('status');
    expect([code, printed]).toEqual([0, expect.stringContaining(`${user.copilot.origin}/responses`)]);
    expect(user.copilot.requests.map(({ path }) => path)).toEqual(['/models']);
    expect(user.github.requests.filter(({ path }) => path === '/graphql')).toHaveLength(1);
  });

  it('says who is signed in, by which source, with plan, quota, endpoint and expiry', async () => {
    const user = await createUser();
    user.writeTokens({ githubToken: 'ghu_a' });
    const { code, printed, complained } = await user.run('status');
    expect([code, complained]).toEqual([0, '']);
    expect(printed.split('\n')).toEqual([
      'Signed in:       as mona',
      `Token from:      ${user.tokenFile}`,
      'Plan:            individual',
      'Quota:           chat, unlimited',
      'Quota:           premium interactions, 120 of 300 left',
      'Quotas reset on: 2030-01-01',
      `Endpoint:        ${user.copilot.origin}/responses`,
      expect.stringMatching(/^Token expires: {3}\d{4}-\d\d-\d\d \d\d:\d\d, renewed before that$/),
    ]);
    expect(printed).not.toContain('ghu_');
  });

  it('says what to do if nobody is signed in, on standard output, and asks nothing of GitHub', async () => {
    const user = await createUser();
    const { code, printed, complained } = await user.run('status');
    expect([code, complained]).toEqual([1, '']);
    expect(printed).toMatch(/^Signed in: no\nProblem: {3}You are not signed in .* Run `.* copilot login`\.$/);
    expect([user.github.requests, user.copilot.requests]).toEqual([[], []]);
  });

  it("repeats GitHub's own explanation if the account has no subscription", async () => {
    const user = await createUser({ GH_COPILOT_TOKEN: 'ghu_a' });
    user.github.exchange = answerWith(403, NO_SUBSCRIPTION);
    const { code, printed } = await user.run('status');
    expect(code).toBe(1);
    expect(printed).toMatch(/^Signed in: {7}as mona\nToken from: {6}GH_COPILOT_TOKEN$/m);
    expect(printed).toMatch(
      /^Problem: .*You have no access to GitHub Copilot.*https:\/\/github\.com\/settings\/copilot/m,
    );
  });

  it('tries a token that is not exchanged with the list of models', async () => {
    const user = await createUser({ COPILOT_BEARER_TOKEN: COPILOT_TOKEN });
    expect((await user.run('status')).code).toBe(0);
    user.copilot.list = answerWith(401, 'bad token');
    const { code, printed } = await user.run('status');
    expect(code).toBe(1);
    expect(printed).toMatch(/^Problem: .*status 401\. Replace the token in COPILOT_BEARER_TOKEN/m);
  });

  it('is content with a rate limit, and reports it', async () => {
    const user = await createUser({ COPILOT_BEARER_TOKEN: COPILOT_TOKEN });
    user.copilot.list = answerWith(429, 'slow down', { 'retry-after': '100' });
    const { code, printed } = await user.run('status');
    expect(code).toBe(0);
    expect(printed).toMatch(/^Note: .*limits the rate/m);
  });

  it('names the file that cannot be read', async () => {
    const user = await createUser();
    writeFileSync(user.tokenFile, '{');
    const { code, printed } = await user.run('status');
    expect(code).toBe(1);
    expect(printed).toMatch(/^Problem: .*token file \(.*\) cannot be read/m);
    expect(printed).toContain(user.tokenFile);
  });

  it('says that Copilot is turned off', async () => {
    const user = await createUser({ COPILOT_BEARER_TOKEN: COPILOT_TOKEN });
    mkdirSync(join(user.home, '.config/codex-gateway'), { recursive: true });
    const config = join(user.home, '.config/codex-gateway/config.json');
    writeFileSync(config, '{"copilot":{"enabled":false}}');
    chmodSync(config, 0o600);
    const { code, printed } = await user.run('status');
    expect(code).toBe(1);
    expect(printed).toContain(
      `Problem:   Copilot is turned off: "enabled" is false under "copilot" in ${config};`,
    );
    expect(user.copilot.requests).toEqual([]);
  });
});

describe('show', () => {
  it('names the way to the models of Copilot to someone who is signed in, and asks nothing of GitHub', async () => {
    const user = await createUser({ CODEX_GATEWAY_TOKEN: 'token-of-this-test' });
    const hint = /^For Codex CLI with GitHub Copilot: .* copilot config /m;
    expect((await runMain(['show', '--demo'], user.environment)).printed).not.toMatch(hint);
    user.writeTokens({ githubToken: 'ghu_a' });
    expect((await runMain(['show', '--demo'], user.environment)).printed).toMatch(hint);
    expect(user.github.requests).toEqual([]);
  });
});
