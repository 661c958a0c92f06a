/** The form of one kind of secret. */
export interface SecretRule {
  readonly rule: string;
  /** The thing, as in "… is added." */
  readonly thing: string;
  /** A text without which the pattern cannot match: looking for it is fast. */
  readonly hint: string;
  /**
   * Takes time that grows with the length of a line, whatever it holds: where a repetition without end is followed by more, it can only
   * begin where nothing comes before it that it would match as well.
   */
  readonly pattern: RegExp;
  readonly severity?: 'warn' | 'error';
}

/** Forms of secrets that their issuers have made recognizable. */
export const TOKEN_RULES: readonly SecretRule[] = [
  aws('AKIA'),
  aws('ASIA'),
  ...['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'].map((hint) => ({
    rule: 'github-token',
    thing: 'A token of GitHub',
    hint,
    pattern: new RegExp(`${hint}[A-Za-z0-9]{36,}`, 'g'),
  })),
  {
    rule: 'github-token',
    thing: 'A token of GitHub',
    hint: 'github_pat_',
    pattern: /github_pat_[A-Za-z0-9_]{36,}/g,
  },
  {
    rule: 'gitlab-token',
    thing: 'A token of GitLab',
    hint: 'gl',
    pattern: /(?<![A-Za-z0-9])gl(?:pat|dt|rt|cbt|ptt|ft|imt|agent|oas|soat)-[A-Za-z0-9_-]{20,}/g,
  },
  {
    rule: 'anthropic-key',
    thing: 'A key of Anthropic',
    hint: 'sk-ant-',
    pattern: /sk-ant-[A-Za-z0-9]{2,12}-[A-Za-z0-9_-]{20,}/g,
  },
  {
    rule: 'openai-key',
    thing: 'A key of OpenAI',
    hint: 'sk-',
    pattern:
      /(?<![A-Za-z0-9])sk-(?:(?:proj|svcacct|admin|None)-[A-Za-z0-9_-]{20,}|(?!ant-)[A-Za-z0-9]{32,}|or-v1-[a-f0-9]{64})/g,
  },
  {
    rule: 'slack-token',
    thing: 'A token of Slack',
    hint: 'xox',
    pattern: /(?<![A-Za-z0-9])xox[abeoprs]-[A-Za-z0-9-]{10,}/g,
  },
  {
    rule: 'slack-token',
    thing: 'A token of Slack',
    hint: 'xapp-',
    pattern: /(?<![A-Za-z0-9])xapp-\d-[A-Za-z0-9-]{20,}/g,
  },
  {
    rule: 'slack-webhook',
    thing: 'The address of a webhook of Slack',
    hint: 'hooks.slack.com/',
    pattern: /hooks\.slack\.com\/(?:services|workflows|triggers)\/[A-Za-z0-9/_+-]{20,}/g,
  },
  {
    rule: 'discord-webhook',
    thing: 'The address of a webhook of Discord',
    hint: '/api/webhooks/',
    pattern: /discord(?:app)?\.com\/api\/webhooks\/\d{15,25}\/[\w-]{40,}/g,
  },
  {
    rule: 'stripe-key',
    thing: 'A key of Stripe',
    hint: 'k_live_',
    pattern: /(?<![A-Za-z0-9])[rs]k_live_[A-Za-z0-9]{16,}/g,
  },
  {
    rule: 'stripe-key',
    thing: 'A key of Stripe for tests',
    hint: 'k_test_',
    pattern: /(?<![A-Za-z0-9])[rs]k_test_[A-Za-z0-9]{16,}/g,
    severity: 'warn',
  },
  {
    rule: 'stripe-webhook-secret',
    thing: 'A secret of a webhook of Stripe',
    hint: 'whsec_',
    pattern: /whsec_[A-Za-z0-9+/=]{24,}/g,
  },
  { rule: 'npm-token', thing: 'A token of npm', hint: 'npm_', pattern: /npm_[A-Za-z0-9]{36,}/g },
  {
    rule: 'npm-token',
    thing: 'A token of a registry of npm packages',
    hint: '_auth',
    pattern: /:_auth(?:Token)?\s{0,4}=\s{0,4}["']?(?<value>[A-Za-z0-9+/=_.-]{8,})/g,
  },
  { rule: 'pypi-token', thing: 'A token of PyPI', hint: 'pypi-', pattern: /pypi-[A-Za-z0-9_-]{50,}/g },
  {
    rule: 'google-api-key',
    thing: 'An API key of Google',
    hint: 'AIza',
    pattern: /AIza[A-Za-z0-9_-]{35}/g,
  },
  {
    rule: 'google-oauth-secret',
    thing: 'A secret of Google',
    hint: 'GOCSPX-',
    pattern: /GOCSPX-[A-Za-z0-9_-]{20,}/g,
  },
  {
    rule: 'google-oauth-token',
    thing: 'A token of Google',
    hint: 'ya29.',
    pattern: /(?<![A-Za-z0-9])ya29\.[A-Za-z0-9_-]{20,}/g,
  },
];

function aws(hint: string): SecretRule {
  return {
    rule: 'aws-access-key',
    thing: 'The id of an access key of AWS',
    hint,
    pattern: new RegExp(`(?<![A-Za-z0-9])${hint}[A-Z0-9]{16}(?![A-Za-z0-9])`, 'g'),
  };
}
