import type { TurnError } from '../../../../generated/v2/TurnError.js';
import { GatewayError, type ErrorCode } from '../../../base/errors.ts';
import type { StopReason } from '../../../conversation/turn-event.ts';
import { KINDS, REFUSALS, STATUSES, type Asked, type Kind } from './error-kinds.ts';
import { UNREACHED } from '../../home/diagnose-provider.ts';
import { parseProviderBody } from './provider-body.ts';
import { findProviderWords } from './provider-words.ts';
import { withoutAddresses } from './without-addresses.ts';

/** What is known of the provider beside the error itself. */
export interface ErrorContext extends Asked {
  readonly signedOut: boolean;
  /** Unix seconds at which a used-up limit is filled again. */
  readonly limitResetsAt: number | undefined;
  readonly now: number;
  /** Seconds until another try, where the provider does not say. */
  readonly retryAfter: number;
}

/** A failed turn is either an answer that ended early or an error. */
export type TurnFailure = { readonly reason: StopReason } | { readonly error: GatewayError };

/** `turn/completed` with status `failed`, as the caller should see it. */
export function decodeTurnError(error: Partial<TurnError> | null, context: ErrorContext): TurnFailure {
  const { message = '', codexErrorInfo } = error ?? {};
  const info = codexErrorInfo ?? 'other';
  return decodeEarlyEnd(message) ?? { error: withFacts(decodeInfo(info, message, context, error), info) };
}

/** Adds what the log tells of a failure; what the provider says may quote the request. */
function withFacts(error: GatewayError, info: NonNullable<TurnError['codexErrorInfo']>): GatewayError {
  const isRejected = error.code === 'provider_rejected';
  const [kind, detail] = typeof info === 'string' ? [info, null] : (Object.entries(info)[0] ?? ['', null]);
  const status = (detail as { httpStatusCode?: number | null } | null)?.httpStatusCode;
  return new GatewayError(error.code, error.message, {
    ...error.detail,
    facts: { codexError: kind, providerStatus: status ?? (isRejected ? 400 : undefined) },
    ...(isRejected && { logMessage: 'The model provider rejected the request.' }),
  });
}

/** The provider cut the answer; what was sent until then is the answer. */
function decodeEarlyEnd(message: string): TurnFailure | undefined {
  const reason = /Incomplete response returned, reason: (\w+)/.exec(message)?.[1];
  if (reason === undefined) return undefined;
  return { reason: reason === 'content_filter' ? 'content-filter' : 'length' };
}

function decodeInfo(
  info: NonNullable<TurnError['codexErrorInfo']>,
  message: string,
  context: ErrorContext,
  cause: unknown,
): GatewayError {
  if (typeof info === 'object') return fromDetail(info, message, context, cause);
  if (info === 'unauthorized' && context.signedOut) return notSignedIn(context.command, cause);
  const kind = Object.hasOwn(KINDS, info) ? KINDS[info] : undefined;
  return kind ? fromKind(kind, message, context, cause) : fromMessage(message, cause);
}

/** Kinds whose detail is the HTTP status with which the provider answered, if it did. */
const CONNECTION_KINDS = new Set([
  'httpConnectionFailed',
  'responseStreamConnectionFailed',
  'responseStreamDisconnected',
  'responseTooManyFailedAttempts',
]);

function fromDetail(info: object, message: string, context: ErrorContext, cause: unknown): GatewayError {
  const [[kind, detail] = ['', null]] = Object.entries(info) as [
    string,
    { httpStatusCode?: number | null } | null,
  ][];
  if (CONNECTION_KINDS.has(kind)) return fromStatus(detail?.httpStatusCode ?? null, message, context, cause);
  return new GatewayError('internal_error', 'Codex failed to run this turn.', { cause });
}

function fromStatus(
  status: number | null,
  message: string,
  context: ErrorContext,
  cause: unknown,
): GatewayError {
  if (status === null) return new GatewayError('upstream_error', `${UNREACHED}.`, { cause });
  if (status === 401 && context.signedOut) return notSignedIn(context.command, cause);
  const known = STATUSES[status];
  if (known) return fromKind(known, '', context, cause);
  if (status >= 500) {
    return new GatewayError('upstream_error', `The model provider failed (HTTP ${status}).`, { cause });
  }
  const refusal = REFUSALS[status] ?? {
    code: 'upstream_refused',
    say: () => `The model provider failed (HTTP ${status})`,
  };
  return fromRefusal(refusal, findProviderWords(message), context, cause);
}

/** The provider's words are for the caller alone: they may quote the request. */
function fromRefusal(
  { code, say, advise }: Kind,
  words: string | undefined,
  context: ErrorContext,
  cause: unknown,
): GatewayError {
  const advice = advise === undefined ? '' : ` ${advise(context)}`;
  const told = `${say(context)}.${advice}`;
  if (words === undefined) return new GatewayError(code, told, { cause });
  return new GatewayError(code, `${say(context)}: ${words}.${advice}`, { cause, logMessage: told });
}

function fromKind({ code, say }: Kind, told: string, context: ErrorContext, cause: unknown): GatewayError {
  const message = say(context);
  if (code === 'model_not_found') return new GatewayError(code, message, { cause, param: 'model' });
  const retryAfter = waitOf(code, told, context);
  return new GatewayError(code, `${message}${describeReset(code, context)}`, {
    cause,
    ...(retryAfter !== undefined && { retryAfter }),
  });
}

/** Says until when a quota is used up, if the account's limits tell. */
function describeReset(code: ErrorCode, { limitResetsAt, now }: ErrorContext): string {
  if (code !== 'insufficient_quota' || limitResetsAt === undefined || limitResetsAt <= now) return '';
  const time = new Date(limitResetsAt * 1000).toISOString().slice(0, 16).replace('T', ' ');
  return ` It resets at ${time} UTC.`;
}

/** Seconds until another try makes sense: what the account says, what the provider says, else what is set. */
function waitOf(code: ErrorCode, told: string, context: ErrorContext): number | undefined {
  const { limitResetsAt, now, retryAfter } = context;
  if (!['insufficient_quota', 'rate_limited', 'overloaded'].includes(code)) return undefined;
  if (limitResetsAt !== undefined && limitResetsAt > now) return Math.ceil(limitResetsAt - now);
  // What is used up is not there again after any time that could be guessed.
  return parseWait(told) ?? (code === 'insufficient_quota' ? undefined : retryAfter);
}

const UNITS: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600 };

/** "Please try again in 1m2.5s." */
function parseWait(message: string): number | undefined {
  const [, wait] = /try again in ((?:\d+(?:\.\d+)?(?:ms|[smh]))+)/i.exec(message) ?? [];
  if (wait === undefined) return undefined;
  const parts = [...wait.matchAll(/([\d.]+)(ms|[smh])/gi)];
  return Math.ceil(
    parts.reduce((sum, [, count, unit]) => sum + Number(count) * UNITS[unit!.toLowerCase()]!, 0),
  );
}

export function notSignedIn(command: string, cause?: unknown): GatewayError {
  return new GatewayError(
    'codex_not_signed_in',
    `Codex is not signed in. Run \`${command} login\` where the gateway runs.`,
    { cause },
  );
}

/** How messages begin that Codex wrote because it could not get through to the provider, or to the login. */
const NOT_REACHED =
  /^(stream disconnected|error sending request|connection failed|request timed out|timeout|workspace routing|fatal error)/i;

/**
 * Kind `other`: a way to the provider that broke, or what the provider said beside a status 400, which Codex hands on
 * as it came without the status.
 */
function fromMessage(message: string, cause: unknown): GatewayError {
  if (message.includes('idle timeout waiting for SSE')) {
    return new GatewayError('upstream_timeout', 'The model provider stopped sending.', { cause });
  }
  if (NOT_REACHED.test(message)) {
    return new GatewayError(
      'upstream_error',
      'The model provider failed, or the connection to it broke off.',
      {
        cause,
      },
    );
  }
  const variable = /^Missing environment variable: `(\w+)`/.exec(message)?.[1];
  if (variable !== undefined) {
    return new GatewayError(
      'provider_unauthorized',
      `The environment variable ${variable}, which holds the provider's key, is not set where the gateway runs.`,
      { cause },
    );
  }
  const body = parseProviderBody(message);
  const text = body?.message ?? withoutAddresses(message);
  if (text === '')
    return new GatewayError('upstream_error', 'The turn failed, and Codex does not say why.', { cause });
  const providerCode = body?.code;
  return new GatewayError('provider_rejected', text, {
    cause,
    ...(providerCode !== undefined && { providerCode }),
  });
}
