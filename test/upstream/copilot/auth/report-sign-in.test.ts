import { describe, expect, it } from 'vitest';
import { NEVER_ABORTED } from '../../../../src/base/async/abort.ts';
import { createEndpoints } from '../../../../src/upstream/copilot/auth/endpoints.ts';
import { reportSignIn, type SignInReport } from '../../../../src/upstream/copilot/auth/report-sign-in.ts';
import { NO_SUBSCRIPTION } from '../../../support/copilot/fake-github.ts';
import { answerWith } from '../../../support/copilot/recording-server.ts';
import { setUpAuth, stopClock, type AuthSetUp } from './set-up.ts';

async function report(
  { context: access, credentials }: AuthSetUp,
  signal: AbortSignal = NEVER_ABORTED,
): Promise<SignInReport> {
  return await reportSignIn({ access, credentials, endpoints: createEndpoints(access) }, signal);
}

const EXCHANGED = {
  token: 'tid=secret:m',
  refresh_in: 1500,
  endpoints: { api: 'https://api.business.example' },
};

describe('the report of who is signed in', () => {
  it('names account, plan, quotas, source, kind, end and URL', async () => {
    const clock = stopClock();
    const auth = await setUpAuth();
    auth.write({ githubToken: 'ghu_secret' });
    auth.github.exchange = answerWith(200, EXCHANGED);
    const found = await report(auth);
    expect(found).toEqual({
      source: 'token file',
      kind: 'app',
      user: 'mona',
      expiresAtMs: clock.now + 1_560_000,
      responsesUrl: 'https://api.business.example/responses',
      account: {
        login: 'mona',
        plan: 'individual',
        quotaResetDate: '2030-01-01',
        quotas: [
          { name: 'chat', isUnlimited: true, entitlement: -1, remaining: -1, percentRemaining: 100 },
          {
            name: 'premium_interactions',
            isUnlimited: false,
            entitlement: 300,
            remaining: 120,
            percentRemaining: 40,
          },
        ],
      },
      problem: undefined,
      accountProblem: undefined,
    });
    expect(JSON.stringify(found)).not.toContain('secret');
    const asked = auth.github.requests.find(({ path }) => path === '/copilot_internal/user');
    expect(asked?.headers.authorization).toBe('token ghu_secret');
  });

  it("asks nothing about the account of one of Copilot's own tokens, whose end it contains", async () => {
    const auth = await setUpAuth({ credentials: { copilotBearerToken: 'tid=a;exp=4102444800;x=y:m' } });
    expect(await report(auth)).toMatchObject({
      source: 'COPILOT_BEARER_TOKEN',
      kind: 'copilot',
      user: undefined,
      expiresAtMs: 4_102_444_800_000,
      account: undefined,
      problem: undefined,
    });
    expect(auth.github.requests).toEqual([]);
  });

  it('names the user of hosts.json, and says that GitHub says nothing about the account', async () => {
    const auth = await setUpAuth();
    auth.writeLogins('hosts.json', { 'github.com': { user: 'hubot', oauth_token: 'gho_a' } });
    auth.github.user = answerWith(404, { message: 'Not Found' });
    expect(await report(auth)).toMatchObject({
      source: 'hosts.json',
      kind: 'oauth',
      user: 'hubot',
      responsesUrl: 'https://api.githubcopilot.com/responses',
      problem: undefined,
      accountProblem: 'GitHub says nothing about the account (status 404).',
    });
  });

  it('says that nobody is signed in, and asks GitHub nothing', async () => {
    const auth = await setUpAuth();
    expect(await report(auth)).toMatchObject({
      source: undefined,
      kind: undefined,
      problem: 'You are not signed in to GitHub Copilot. Run `codex-gateway copilot login`.',
    });
    expect(auth.github.requests).toEqual([]);
  });

  it.each<[string, (auth: AuthSetUp) => void, string]>([
    ['a broken file', (auth) => auth.write('{'), "Copilot's token file cannot be read"],
    [
      'no subscription',
      (auth) => {
        auth.write({ githubToken: 'ghu_a' });
        auth.github.exchange = answerWith(403, NO_SUBSCRIPTION);
      },
      'https://github.com/settings/copilot',
    ],
    ['a classic token', (auth) => auth.write({ githubToken: 'ghp_a' }), 'classic personal access tokens'],
  ])('says what is wrong: %s', async (_, prepare, problem) => {
    const auth = await setUpAuth();
    prepare(auth);
    expect((await report(auth)).problem).toContain(problem);
  });

  it('reads an account about which GitHub says little', async () => {
    const auth = await setUpAuth({ credentials: { token: 'gho_a' } });
    auth.github.user = answerWith(200, {
      login: '',
      copilot_plan: 7,
      quota_snapshots: { chat: null, x: {} },
    });
    expect((await report(auth)).account).toEqual({
      login: undefined,
      plan: undefined,
      quotaResetDate: undefined,
      quotas: [
        {
          name: 'x',
          isUnlimited: false,
          entitlement: undefined,
          remaining: undefined,
          percentRemaining: undefined,
        },
      ],
    });
  });

  it('stops with its caller', async () => {
    const auth = await setUpAuth({ credentials: { token: 'ghu_a' } });
    await expect(report(auth, AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
  });
});
