import { existsSync, readFileSync, statSync } from 'node:fs';
import { expect, it } from 'vitest';
import { runCommand } from '../../support/command-line.ts';
import { createCopilotUser } from '../../support/copilot/copilot-user.ts';
import { exchangedToken, USER_CODE, type LoginStep } from '../../support/copilot/fake-github.ts';

it('login waits while GitHub waits for its user, and keeps the token in a private file', async () => {
  const user = await createCopilotUser();
  user.github.loginSteps = ['authorization_pending', { token: 'ghu_signedIn' }];
  const before = performance.now();
  const { code, stdout, stderr } = await runCommand(['copilot', 'login'], user.environment);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain(USER_CODE);
  expect(stdout).toContain(`${user.github.origin}/login/device`);
  expect(stdout).not.toContain('ghu_');

  const questions = user.github.requests.filter(({ path }) => path === '/login/oauth/access_token');
  expect(questions).toHaveLength(2);
  expect(questions[0]!.body).toMatchObject({
    device_code: 'fake-device-code',
    grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
  });
  // A second more than the interval.
  const [first, second] = questions.map(({ receivedAtMs }) => receivedAtMs) as [number, number];
  expect(first - before).toBeGreaterThanOrEqual(1000);
  expect(second - first).toBeGreaterThanOrEqual(990);

  const tokens = JSON.parse(readFileSync(user.tokenFile, 'utf8')) as object;
  expect(tokens).toMatchObject({ githubToken: 'ghu_signedIn', lastUpdated: expect.anything() });
  expect(statSync(user.tokenFile).mode & 0o777).toBe(0o600);

  // The login is good for a request at once: the token is exchanged.
  expect(await user.run('copilot', 'print-token')).toEqual({
    code: 0,
    printed: exchangedToken(1),
    complained: '',
  });
});

it.each<[LoginStep, RegExp]>([
  ['access_denied', /denied|refused|cancel/i],
  ['expired_token', /expired/i],
])('a login that ends with %s says so and leaves nothing', async (step, message) => {
  const user = await createCopilotUser();
  user.github.loginSteps = [step];
  const { code, complained } = await user.run('copilot', 'login');
  expect(code).toBe(1);
  expect(complained).toMatch(message);
  expect(existsSync(user.tokenFile)).toBe(false);
});

it('status, print-token and logout say what is there, and logout removes the file', async () => {
  const user = await createCopilotUser({ tokens: { githubToken: 'ghu_file', lastUpdated: 1 } });
  const status = await user.run('copilot', 'status');
  expect(status).toMatchObject({ code: 0, complained: '' });
  expect(status.printed).toMatch(/mona/);
  expect(status.printed).toContain(user.tokenFile);
  expect(status.printed).toMatch(/individual/);
  expect(status.printed).not.toMatch(/ghu_|tid=/);
  const logout = await user.run('copilot', 'logout');
  expect(logout).toMatchObject({ code: 0, complained: '' });
  expect(existsSync(user.tokenFile)).toBe(false);
  expect((await user.run('copilot', 'logout')).code).toBe(0);
  expect((await user.run('copilot', 'status')).code).toBe(1);
  const token = await user.run('copilot', 'print-token');
  expect(token).toMatchObject({ code: 1, printed: '' });
  expect(token.complained.trimEnd().split('\n')).toHaveLength(1);
});
