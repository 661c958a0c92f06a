import { answerWith, startRecordingServer, type Answer, type RecordingServer } from './recording-server.ts';

/** An answer to a question whether the user has entered the code. */
export type LoginStep =
  | 'authorization_pending'
  | 'slow_down'
  | 'expired_token'
  | 'access_denied'
  | { readonly token: string }
  | Answer;

/** GitHub as far as Copilot needs it. Each answer can be replaced at any time. */
export interface FakeGithub extends RecordingServer {
  /** Answers to `POST /login/oauth/access_token` in order; the last one is repeated. */
  loginSteps: readonly LoginStep[];
  /** Seconds between two questions, and until the code expires. */
  deviceCode: { interval: number; expires_in: number };
  /** Answers `GET /copilot_internal/v2/token`; by default with a new token each time. */
  exchange: Answer;
  /** Answers `POST /graphql`; by default with a 404. */
  graphql: Answer;
  /** Answers `GET /copilot_internal/user`. */
  user: Answer;
  /** Number of exchanges that were asked for. */
  readonly exchanges: number;
}

export const USER_CODE = 'WDJB-MJHT';

/** A token as an exchange gives it, by its number. */
export const exchangedToken = (number: number) => `tid=fake;exp=${number};sku=pro:mac${number}`;

const USER = {
  login: 'mona',
  copilot_plan: 'individual',
  quota_reset_date: '2030-01-01',
  quota_snapshots: {
    chat: { entitlement: -1, remaining: -1, percent_remaining: 100, unlimited: true, quota_id: 'chat' },
    premium_interactions: {
      entitlement: 300,
      remaining: 120,
      percent_remaining: 40,
      unlimited: false,
      quota_id: 'premium_interactions',
    },
  },
};

/** The body of an exchange that succeeds. */
function exchangeBody(token: string, further: object = {}): object {
  const expires_at = Math.floor(Date.now() / 1000) + 1800;
  return { token, expires_at, refresh_in: 1500, sku: 'pro', individual: true, ...further };
}

/** The body of an exchange for someone who has no subscription. */
export const NO_SUBSCRIPTION = {
  can_signup_for_limited: false,
  error_details: {
    message: 'You have no access to GitHub Copilot.',
    notification_id: 'no_copilot_access',
    title: 'Sign up for GitHub Copilot',
    url: 'https://github.com/settings/copilot',
  },
  message: 'Resource not accessible by integration',
  reason: 'no_access',
};

export async function startFakeGithub(): Promise<FakeGithub> {
  let exchanges = 0;
  let asked = 0;
  const routes: Record<string, Answer> = {
    'POST /login/device/code': (...given) =>
      answerWith(200, {
        device_code: 'fake-device-code',
        user_code: USER_CODE,
        verification_uri: `${server.origin}/login/device`,
        ...github.deviceCode,
      })(...given),
    'POST /login/oauth/access_token': (...given) => {
      const step = github.loginSteps[Math.min(asked, github.loginSteps.length - 1)]!;
      asked += 1;
      return answerStep(step)(...given);
    },
    'GET /copilot_internal/v2/token': (...given) => {
      exchanges += 1;
      return github.exchange(...given);
    },
    'POST /graphql': (...given) => github.graphql(...given),
    'GET /copilot_internal/user': (...given) => github.user(...given),
  };
  const server = await startRecordingServer((request, response) => {
    const route = routes[`${request.method} ${request.path}`];
    return (route ?? answerWith(404, { message: 'Not Found' }))(request, response);
  });
  const github: FakeGithub = {
    ...server,
    loginSteps: [{ token: 'ghu_fromLogin' }],
    deviceCode: { interval: 0, expires_in: 900 },
    exchange: (...given) => answerWith(200, exchangeBody(exchangedToken(exchanges)))(...given),
    graphql: answerWith(404, { message: 'Not Found' }),
    user: answerWith(200, USER),
    get exchanges() {
      return exchanges;
    },
  };
  return github;
}

/** GitHub answers 200 while it waits for the user. */
function answerStep(step: LoginStep): Answer {
  if (typeof step === 'function') return step;
  if (typeof step === 'object')
    return answerWith(200, { access_token: step.token, token_type: 'bearer', scope: 'read:user' });
  return answerWith(200, { error: step, ...(step === 'slow_down' && { interval: 6 }) });
}
