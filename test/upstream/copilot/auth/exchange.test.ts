import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../../../src/base/errors.ts';
import { exchangedToken, NO_SUBSCRIPTION } from '../../../support/copilot/fake-github.ts';
import { answerWith, type Answer } from '../../../support/copilot/recording-server.ts';
import { setUpAuth, stopClock, type AuthSetUp } from './set-up.ts';

const LIMITED = {
  message: 'API rate limit exceeded for user ID 1.',
  documentation_url: 'https://docs.example',
};

async function setUp(exchange: Answer): Promise<AuthSetUp> {
  const auth = await setUpAuth();
  auth.write({ githubToken: 'ghu_secret' });
  auth.github.exchange = exchange;
  return auth;
}

async function refusal(exchange: Answer): Promise<GatewayError> {
  const { bearer } = await setUp(exchange);
  const error: unknown = await bearer().catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(GatewayError);
  expect(JSON.stringify([error, (error as Error).stack])).not.toContain('ghu_secret');
  return error as GatewayError;
}

describe("GitHub's refusal of an exchange", () => {
  it('shows title, reason and page where there is no subscription', async () => {
    const { code, message } = await refusal(answerWith(403, NO_SUBSCRIPTION));
    expect(code).toBe('copilot_signed_out');
    expect(message).toBe(
      'GitHub gives no Copilot token for this login: Sign up for GitHub Copilot. ' +
        'You have no access to GitHub Copilot. https://github.com/settings/copilot. ' +
        'Run `codex-gateway copilot login`.',
    );
  });

  it('shows its message where there is nothing else', async () => {
    const { code, message } = await refusal(
      answerWith(403, { message: 'Resource not accessible\nby integration', status: '403' }),
    );
    expect(code).toBe('copilot_signed_out');
    expect(message).toContain('this login: Resource not accessible by integration. Run');
  });

  it.each([
    [401, { message: 'Bad credentials' }, 'GitHub does not accept the login for Copilot.'],
    [404, 'Not Found', 'GitHub gives no Copilot token for this login: it has no access to Copilot.'],
  ])('with %i is a matter of the login', async (status, body, problem) => {
    const { code, message } = await refusal(answerWith(status, body));
    expect(code).toBe('copilot_signed_out');
    expect(message).toBe(`${problem} Run \`codex-gateway copilot login\`.`);
  });

  it.each([500, 502, 503])('with %i means that GitHub cannot be reached', async (status) => {
    const { code, message } = await refusal(answerWith(status, '<html>'));
    expect(code).toBe('copilot_auth_unreachable');
    expect(message).toContain(`status ${status}`);
  });

  it.each<[number, unknown]>([
    [200, 'no JSON'],
    [200, []],
    [200, {}],
    [200, { token: 7, refresh_in: 1500 }],
    [200, { token: '', refresh_in: 1500 }],
    [200, { token: 'tid=a\n:m', refresh_in: 1500 }],
    [200, { token: 'tid=a:m' }],
    [418, {}],
    [302, ''],
  ])('that cannot be read (%i, %j) is an error of its own', async (status, body) => {
    const { code, message } = await refusal(answerWith(status, body));
    expect(code).toBe('copilot_auth_unreadable');
    expect(message).toBe(
      `GitHub's answer to the request for a Copilot token cannot be read (status ${status}).`,
    );
  });

  it('is asked for again by the next request', async () => {
    const auth = await setUp(answerWith(403, NO_SUBSCRIPTION));
    await expect(auth.bearer()).rejects.toMatchObject({ code: 'copilot_signed_out' });
    auth.github.exchange = answerWith(200, { token: 'tid=new:m', expires_at: 4_102_444_800 });
    expect(await auth.bearer()).toBe('tid=new:m');
  });
});

describe('a rate limit of GitHub', () => {
  it.each<[string, number, object, Record<string, string>, number]>([
    ['its message', 403, LIMITED, {}, 60],
    ['x-ratelimit-remaining', 403, {}, { 'x-ratelimit-remaining': '0' }, 60],
    ['the status', 429, {}, {}, 60],
    ['retry-after', 429, {}, { 'retry-after': '100' }, 100],
    ['x-ratelimit-reset', 403, LIMITED, { 'x-ratelimit-reset': '200' }, 200],
    ['a reset that is far away', 429, {}, { 'retry-after': '200000' }, 3600],
    ['a header that cannot be read', 429, {}, { 'retry-after': 'soon' }, 60],
  ])(
    'by %s is not the fault of the login, and GitHub is left alone until its end',
    async (...[, status, body, headers, waitSeconds]) => {
      const clock = stopClock();
      const reset = headers['x-ratelimit-reset'];
      const sent = {
        ...headers,
        ...(reset && { 'x-ratelimit-reset': String(Math.ceil(clock.now / 1000) + Number(reset)) }),
      };
      const auth = await setUp(answerWith(status, body, sent));
      const time = new Date(clock.now + waitSeconds * 1000).toISOString().slice(11, 16);
      for (const passedMs of [0, waitSeconds * 1000 - 1_000]) {
        clock.advance(passedMs);
        const failure = auth.bearer();
        await expect(failure).rejects.toMatchObject({ code: 'copilot_auth_unreachable' });
        await expect(failure).rejects.toThrow(reset ? "GitHub's API is rate limited" : `after ${time} UTC`);
      }
      expect(auth.github.exchanges).toBe(1);
      auth.github.exchange = answerWith(200, { token: exchangedToken(2), refresh_in: 1500 });
      clock.advance(2_001);
      expect(await auth.bearer()).toBe(exchangedToken(2));
    },
  );

  it('leaves a token that is still valid in use', async () => {
    const clock = stopClock();
    const auth = await setUp(answerWith(403, LIMITED));
    auth.write({ githubToken: 'ghu_a', copilotToken: 'tid=kept:m', expiresAt: clock.now + 100_000 });
    expect(await auth.bearer()).toBe('tid=kept:m');
  });
});

describe('a GitHub that cannot be reached', () => {
  it('is an error without token and query', async () => {
    const auth = await setUpAuth({
      credentials: { token: 'ghu_secret' },
      urls: { token: 'http://127.0.0.1:9/token?key=hidden' },
    });
    const failure = auth.bearer();
    await expect(failure).rejects.toMatchObject({ code: 'copilot_auth_unreachable' });
    await expect(failure).rejects.toThrow(
      'GitHub cannot be reached. The request to http://127.0.0.1:9/token failed: the connection was refused.',
    );
  });

  it.each<[string, Answer]>([
    ['closes the connection', (_, response) => void response.destroy()],
    [
      'breaks off in the middle',
      (_, response) => {
        response.writeHead(200, { 'content-length': '100' });
        response.write('{"token":');
        setImmediate(() => response.destroy());
      },
    ],
  ])('%s', async (_, answer) => {
    expect((await refusal(answer)).code).toBe('copilot_auth_unreachable');
  });

  it('is given up after the time for the headers of an answer', async () => {
    const auth = await setUpAuth({ credentials: { token: 'ghu_a' } });
    Object.assign(auth.context, { headersTimeoutMs: 20 });
    auth.github.exchange = () => {};
    await expect(auth.bearer()).rejects.toMatchObject({ code: 'copilot_auth_unreachable' });
  });
});

it('the end of a token is that of expires_at if refresh_in is missing', async () => {
  const clock = stopClock();
  const auth = await setUp(answerWith(200, { token: 'tid=a:m', expires_at: 4_102_444_800 }));
  await auth.bearer();
  expect(auth.read()).toMatchObject({ expiresAt: 4_102_444_800_000 });
  expect(clock.now).toBeLessThan(4_102_444_800_000);
});

it('GitHub Enterprise has URLs of its own', async () => {
  const asked: string[] = [];
  const auth = await setUpAuth({
    credentials: { token: 'ghu_a' },
    urls: { githubHost: 'octocorp.ghe.com', token: undefined },
    async send({ url }) {
      asked.push(url);
      throw new Error('offline');
    },
  });
  await expect(auth.bearer()).rejects.toThrow('GitHub cannot be reached. The connection failed.');
  expect(asked).toEqual(['https://api.octocorp.ghe.com/copilot_internal/v2/token']);
});
