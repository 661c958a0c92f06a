import { existsSync, readFileSync, statSync } from 'node:fs';
import { expect, it } from 'vitest';
import { spawnCommand } from '../../support/command-line.ts';
import { createCopilotUser } from '../../support/copilot/copilot-user.ts';
import { exchangedToken, USER_CODE, type LoginStep } from '../../support/copilot/fake-github.ts';
import { until } from '../../support/process.ts';

const isQuestion = ({ path }: { readonly path: string }) => path === '/login/oauth/access_token';

it('login waits, slows down when GitHub asks for it, and keeps the token in a private file', async () => {
  const user = await createCopilotUser();
  user.github.loginSteps = ['authorization_pending', 'slow_down', { token: 'ghu_signedIn' }];
  const before = performance.now();
  const { code, stdout, stderr } = await user.run('copilot', 'login');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain(USER_CODE);
  expect(stdout).toContain(`${user.github.origin}/login/device`);
  expect(stdout).not.toContain('ghu_');

  const questions = user.github.requests.filter(isQuestion);
  expect(questions).toHaveLength(3);
  expect(questions[0]!.body).toMatchObject({
    device_code: 'fake-device-code',
    grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
  });
  // The interval is a second, and five more after `slow_down`.
  const [first, second, third] = questions.map(({ receivedAtMs }) => receivedAtMs) as [
    number,
    number,
    number,
  ];
  expect(first - before).toBeGreaterThanOrEqual(1000);
  expect(second - first).toBeGreaterThanOrEqual(1000);
  expect(third - second).toBeGreaterThanOrEqual(6000);

  const tokens = JSON.parse(readFileSync(user.tokenFile, 'utf8')) as object;
  expect(tokens).toMatchObject({ githubToken: 'ghu_signedIn', lastUpdated: expect.anything() });
  expect(statSync(user.tokenFile).mode & 0o777).toBe(0o600);

  // The login is good for a request at once: the token is exchanged.
  expect(await user.run('copilot', 'print-token')).toEqual({
    code: 0,
    stdout: exchangedToken(1),
    stderr: '',
  });
});

it.each<[LoginStep, RegExp]>([
  ['access_denied', /denied|refused|cancel/i],
  ['expired_token', /expired/i],
])('a login that ends with %s says so and leaves nothing', async (step, message) => {
  const user = await createCopilotUser();
  user.github.loginSteps = [step];
  const { code, stderr } = await user.run('copilot', 'login');
  expect(code).toBe(1);
  expect(stderr).toMatch(message);
  expect(existsSync(user.tokenFile)).toBe(false);
});

it('Ctrl-C ends a login and leaves nothing', async () => {
  const user = await createCopilotUser();
  user.github.loginSteps = ['authorization_pending'];
  const login = spawnCommand(['copilot', 'login'], user.environment);
  await until(() => user.github.requests.some(isQuestion));
  login.kill('SIGINT');
  expect((await login.finished).code).toBe(130);
  expect(existsSync(user.tokenFile)).toBe(false);
});

it('status, print-token and logout say what is there, and logout removes the file', async () => {
  const user = await createCopilotUser({ tokens: { githubToken: 'ghu_file', lastUpdated: 1 } });
  const status = await user.run('copilot', 'status');
  expect(status).toMatchObject({ code: 0, stderr: '' });
  expect(status.stdout).toMatch(/mona/);
  expect(status.stdout).toContain(user.tokenFile);
  expect(status.stdout).toMatch(/individual/);
  expect(status.stdout).not.toMatch(/ghu_|tid=/);
  const logout = await user.run('copilot', 'logout');
  expect(logout).toMatchObject({ code: 0, stderr: '' });
  expect(existsSync(user.tokenFile)).toBe(false);
  expect((await user.run('copilot', 'logout')).code).toBe(0);
  expect((await user.run('copilot', 'status')).code).toBe(1);
  const printed = await user.run('copilot', 'print-token');
  expect(printed).toMatchObject({ code: 1, stdout: '' });
  expect(printed.stderr.trimEnd().split('\n')).toHaveLength(1);
});
