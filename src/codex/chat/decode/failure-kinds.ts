import type { CodexErrorInfo } from '../../../../generated/v2/CodexErrorInfo.js';
import type { ErrorCode } from '../../../base/errors.ts';

/** Facts about a turn that its error message may name. */
export interface TurnFacts {
  /** Id of the model, as Codex knows it. */
  readonly model: string;
  /** Tokens that the model accepts, from Codex's catalog; null if unknown. */
  readonly contextLength: number | null;
  /** True if the provider takes Codex's login with an OpenAI account. */
  readonly needsAccount: boolean;
  /** Name of the environment variable that holds the provider's key, if the user has set one. */
  readonly keyVariable: string | undefined;
  /** Command by which the user calls this program, for advice. */
  readonly command: string;
}

export interface FailureKind {
  readonly code: ErrorCode;
  /**
   * Returns the message for the caller. It begins with OpenAI's own words where there are some, because clients sort
   * failures by them. For the same reason, no other message may contain words such as "rate limit".
   */
  describe(facts: TurnFacts): string;
  /** Returns what to do about it; it follows the provider's own reason. */
  advise?(facts: TurnFacts): string;
}

const kind = (code: ErrorCode, message: string): FailureKind => ({ code, describe: () => message });

const QUOTA = 'You exceeded your current quota, please check your plan and billing details.';
const OVERLOADED = 'That model is currently overloaded with other requests.';
const POLICY = 'Invalid prompt: your prompt was flagged as potentially violating our usage policy.';
const SERVER_ERROR = 'The server had an error processing your request.';

const CODEX_FAILED = kind('internal_error', 'Codex failed to run this turn.');

const rateLimited = (advice: string): FailureKind => ({
  code: 'rate_limited',
  describe: ({ model }) => `Rate limit reached for ${model}. ${advice}`,
});

function describeContextLength({ contextLength }: TurnFacts): string {
  const length = contextLength === null ? 'exceeded' : `${contextLength} tokens`;
  return `This model's maximum context length is ${length}. Please reduce the length of the messages.`;
}

/** Returns what to do about refused credentials. Signing in helps only if the provider takes that login. */
function adviseOnKey({ needsAccount, keyVariable, command }: TurnFacts): string {
  const key =
    keyVariable === undefined
      ? "the provider's key"
      : `the provider's key in the environment variable ${keyVariable}`;
  if (needsAccount) return `Sign in again with \`${command} login\`, or check ${key}.`;
  const source = keyVariable === undefined ? " in its entry of Codex's config.toml (env_key)" : '';
  return `Check ${key}${source}, and start the gateway again.`;
}

/** Members of a union of strings, without the open `string` at its end. */
type Literals<T> = T extends string ? (string extends T ? never : T) : never;

/** Keys of a union of objects, without the open index signature at its end. */
type Keys<T> = T extends string ? never : string extends keyof T ? never : keyof T;

/** Codex's kinds that are only a name. `by-message`: the name says nothing, the message decides. */
const NAMED_KINDS = {
  contextWindowExceeded: { code: 'context_length_exceeded', describe: describeContextLength },
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
    describe: ({ model }) =>
      `The model \`${model}\` does not exist or you do not have access to it. The model provider refused it.`,
  },
  unauthorized: {
    code: 'provider_unauthorized',
    describe: (facts) =>
      facts.needsAccount
        ? `The model provider refused Codex's login. Sign in again with \`${facts.command} login\`.`
        : `The model provider refused Codex's credentials. ${adviseOnKey(facts)}`,
  },
  cyberPolicy: kind('policy_violation', POLICY),
  bioPolicy: kind('policy_violation', POLICY),
  misalignmentPolicyViolation: kind('misalignment', POLICY),
  inferenceHookDenied: kind('policy_violation', 'The request was refused by a policy of the model provider.'),
  sandboxError: CODEX_FAILED,
  threadRollbackFailed: CODEX_FAILED,
  tooManyDenials: CODEX_FAILED,
  internalServerError: kind('provider_failed', `${SERVER_ERROR} The model provider failed (HTTP 500).`),
  badRequest: 'by-message',
  other: 'by-message',
} as const satisfies Record<Literals<CodexErrorInfo>, FailureKind | 'by-message'>;

/** Codex's kinds with a detail. `by-status`: the HTTP status of the provider's answer decides, if it gave one. */
const DETAILED_KINDS = {
  httpConnectionFailed: 'by-status',
  responseStreamConnectionFailed: 'by-status',
  responseStreamDisconnected: 'by-status',
  responseTooManyFailedAttempts: 'by-status',
  activeTurnNotSteerable: CODEX_FAILED,
} as const satisfies Record<Keys<CodexErrorInfo>, FailureKind | 'by-status'>;

/** Returns the kind of an error, or what decides instead of it. A newer Codex may send a name that is not known here. */
export function kindOf(info: CodexErrorInfo): FailureKind | 'by-message' | 'by-status' {
  if (typeof info === 'string') return find(NAMED_KINDS, info) ?? 'by-message';
  const [name = ''] = Object.keys(info);
  return find(DETAILED_KINDS, name) ?? CODEX_FAILED;
}

function find<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

/** HTTP statuses of the provider's answer that have a kind of their own. */
export const STATUS_KINDS: Readonly<Record<number, FailureKind>> = {
  401: {
    code: 'provider_unauthorized',
    describe: (facts) => `The model provider refused Codex's credentials (HTTP 401). ${adviseOnKey(facts)}`,
  },
  429: rateLimited('The model provider asks to try again later (HTTP 429).'),
  503: kind('overloaded', `${OVERLOADED} The model provider has no capacity (HTTP 503); try again later.`),
  508: kind('loop_detected', 'The model provider leads back to a codex-gateway (HTTP 508).'),
};

/** Returns the kind of another status: a refusal, for which the provider may give a reason, or a failure. */
export function refusalKind(status: number): FailureKind {
  if (status === 403) return kind('provider_forbidden', 'The model provider refused access (HTTP 403)');
  const failed = kind('upstream_refused', `The model provider failed (HTTP ${status})`);
  if (status !== 404) return failed;
  return {
    ...failed,
    advise: ({ model }) =>
      `Check the provider's base_url in Codex's config.toml, and that the provider has the model \`${model}\`.`,
  };
}
