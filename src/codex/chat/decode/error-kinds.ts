import type { ErrorCode } from '../../../base/errors.ts';

/** Facts that the message of a failed turn may name. */
export interface Asked {
  /** Id of the model, as Codex knows it. */
  readonly model: string;
  /** Tokens that the model takes, by Codex's catalog; null where it does not say. */
  readonly contextLength: number | null;
  /** The provider takes Codex's login, of an OpenAI account. */
  readonly needsAccount: boolean;
  /** Name of the environment variable that holds the provider's key, where the user has set one. */
  readonly keyVariable: string | undefined;
  /** Command by which the user calls this program, for advice. */
  readonly command: string;
}

/** A kind of failure. */
export interface Kind {
  readonly code: ErrorCode;
  /**
   * Returns the message for the caller. It begins with OpenAI's own words where there are some: clients sort failures by
   * them. For the same reason, no other message may hold words such as "rate limit".
   */
  say(asked: Asked): string;
  /** Returns what to do about it, where the provider's own words come before that. */
  advise?(asked: Asked): string;
}

const kind = (code: ErrorCode, message: string): Kind => ({ code, say: () => message });

const QUOTA = 'You exceeded your current quota, please check your plan and billing details.';
const OVERLOADED = 'That model is currently overloaded with other requests.';
const POLICY = 'Invalid prompt: your prompt was flagged as potentially violating our usage policy.';
const SERVER_ERROR = 'The server had an error processing your request.';
const CODEX_FAILED = kind('internal_error', 'Codex failed to run this turn.');

const rateLimited = (advice: string): Kind => ({
  code: 'rate_limited',
  say: ({ model }) => `Rate limit reached for ${model}. ${advice}`,
});

function sayContextLength({ contextLength }: Asked): string {
  const length = contextLength === null ? 'exceeded' : `${contextLength} tokens`;
  return `This model's maximum context length is ${length}. Please reduce the length of the messages.`;
}

/** Returns what to do about refused credentials. Signing in helps only where the provider takes that login. */
function adviseOnKey({ needsAccount, keyVariable, command }: Asked): string {
  const place =
    keyVariable === undefined
      ? "the provider's key"
      : `the provider's key in the environment variable ${keyVariable}`;
  if (needsAccount) return `Sign in again with \`${command} login\`, or check ${place}.`;
  const source = keyVariable === undefined ? " in its entry of Codex's config.toml (env_key)" : '';
  return `Check ${place}${source}, and start the gateway again.`;
}

/** Kinds of `CodexErrorInfo` that say everything by their name. */
export const KINDS: Readonly<Record<string, Kind>> = {
  contextWindowExceeded: { code: 'context_length_exceeded', say: sayContextLength },
  usageLimitExceeded: kind(
    'insufficient_quota',
    `${QUOTA} The usage limit of the Codex account has been reached.`,
  ),
  sessionBudgetExceeded: kind('insufficient_quota', `${QUOTA} The budget of the Codex account is used up.`),
  rateLimitExceeded: rateLimited('Try again later.'),
  serverOverloaded: kind('overloaded', `${OVERLOADED} Try again later or use another model.`),
  flexUnavailable: kind(
    'overloaded',
    `${OVERLOADED} The flex service tier has no capacity: try again later or use another tier.`,
  ),
  policyCapacityUnavailable: kind('overloaded', `${OVERLOADED} Try again later.`),
  modelNotFound: {
    code: 'model_not_found',
    say: ({ model }) =>
      `The model \`${model}\` does not exist or you do not have access to it. The model provider refused it.`,
  },
  unauthorized: {
    code: 'provider_unauthorized',
    say: (asked) =>
      asked.needsAccount
        ? `The model provider refused Codex's login. Sign in again with \`${asked.command} login\`.`
        : `The model provider refused Codex's credentials. ${adviseOnKey(asked)}`,
  },
  cyberPolicy: kind('policy_violation', POLICY),
  bioPolicy: kind('policy_violation', POLICY),
  misalignmentPolicyViolation: kind('misalignment', POLICY),
  inferenceHookDenied: kind('policy_violation', 'The request was refused by a policy of the model provider.'),
  sandboxError: CODEX_FAILED,
  threadRollbackFailed: CODEX_FAILED,
  tooManyDenials: CODEX_FAILED,
  internalServerError: kind('provider_failed', `${SERVER_ERROR} The model provider failed (HTTP 500).`),
};

/** Kinds that carry the HTTP status with which the provider answered. */
export const STATUSES: Readonly<Record<number, Kind>> = {
  401: {
    code: 'provider_unauthorized',
    say: (asked) => `The model provider refused Codex's credentials (HTTP 401). ${adviseOnKey(asked)}`,
  },
  429: rateLimited('The model provider asks to try again later (HTTP 429).'),
  503: kind('overloaded', `${OVERLOADED} The model provider has no capacity (HTTP 503); try again later.`),
  508: kind('loop_detected', 'The model provider leads back to a codex-gateway (HTTP 508).'),
};

/** Statuses with which a provider refuses a request and may say why. */
export const REFUSALS: Readonly<Record<number, Kind>> = {
  403: kind('provider_forbidden', 'The model provider refused access (HTTP 403)'),
  404: {
    code: 'upstream_refused',
    say: () => 'The model provider failed (HTTP 404)',
    advise: ({ model }) =>
      `Check the provider's base_url in Codex's config.toml, and that the provider has the model \`${model}\`.`,
  },
};
