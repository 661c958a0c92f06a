import type { CodexErrorInfo } from '../../../../generated/v2/CodexErrorInfo.js';
import type { TurnError } from '../../../../generated/v2/TurnError.js';
import { ASKED_ADVICE } from '../../../base/asked-mark.ts';
import { withoutAddresses } from '../../../base/clean-message.ts';
import { GatewayError, type ErrorCode } from '../../../base/errors.ts';
import type { StopReason } from '../../../conversation/turn-event.ts';
import { UNREACHED } from '../../home/diagnose-provider.ts';
import { kindOf, refusalKind, STATUS_KINDS, type FailureKind, type TurnFacts } from './failure-kinds.ts';
import { findProviderReason, parseProviderError } from './provider-message.ts';

/** Everything that decides how an error is shown, apart from the error itself. */
export interface ErrorContext extends TurnFacts {
  readonly signedOut: boolean;
  /** Unix seconds at which the account's used-up limit resets. */
  readonly limitResetsAt: number | undefined;
  /** Unix seconds. */
  readonly now: number;
  /** Seconds until another try, if the provider does not say. */
  readonly retryAfter: number;
}

/** A failed turn is either an answer that ended early or an error. */
export type TurnFailure = { readonly reason: StopReason } | { readonly error: GatewayError };

/** Decodes the error of a `turn/completed` with status `failed`. */
export function decodeTurnError(error: Partial<TurnError> | null, context: ErrorContext): TurnFailure {
  const { message = '', codexErrorInfo } = error ?? {};
  const info = codexErrorInfo ?? 'other';
  const reason = decodeEarlyEnd(message);
  if (reason !== undefined) return { reason };
  return { error: withFacts(createError({ info, message, context, cause: error }), info) };
}

interface Failure {
  readonly info: CodexErrorInfo;
  /** Text of Codex, which may quote the provider. */
  readonly message: string;
  readonly context: ErrorContext;
  readonly cause: unknown;
}

/** Returns the reason why the provider ended an answer early; the text it sent before that is the answer. */
function decodeEarlyEnd(message: string): StopReason | undefined {
  const reason = /Incomplete response returned, reason: (\w+)/.exec(message)?.[1];
  if (reason === undefined) return undefined;
  return reason === 'content_filter' ? 'content-filter' : 'length';
}

/** Adds facts for the log. The provider's text is not among them, because it may quote the request. */
function withFacts(error: GatewayError, info: CodexErrorInfo): GatewayError {
  const isRejected = error.code === 'provider_rejected';
  const codexError = typeof info === 'string' ? info : (Object.keys(info)[0] ?? '');
  return new GatewayError(error.code, error.message, {
    ...error.detail,
    facts: { codexError, providerStatus: statusOf(info) ?? (isRejected ? 400 : undefined) },
    ...(isRejected && { logMessage: 'The model provider rejected the request.' }),
  });
}

function createError(failure: Failure): GatewayError {
  const { info, context, cause } = failure;
  if (info === 'unauthorized' && context.signedOut) return notSignedIn(context.command, cause);
  const kind = kindOf(info);
  if (kind === 'by-message') return fromMessage(failure);
  if (kind === 'by-status') return fromStatus(failure);
  return fromKind(kind, failure);
}

function statusOf(info: CodexErrorInfo): number | undefined {
  const [detail] = typeof info === 'string' ? [] : Object.values(info);
  return (detail as { httpStatusCode?: number | null } | null | undefined)?.httpStatusCode ?? undefined;
}

function fromStatus(failure: Failure): GatewayError {
  const { info, message, context, cause } = failure;
  const status = statusOf(info);
  if (status === undefined) return withoutStatus(info, cause);
  if (status === 401 && context.signedOut) return notSignedIn(context.command, cause);
  const kind = STATUS_KINDS[status];
  if (kind) return fromKind(kind, { ...failure, message: '' });
  if (status >= 500) {
    return new GatewayError('upstream_error', `The model provider failed (HTTP ${status}).`, { cause });
  }
  return fromRefusal(refusalKind(status), findProviderReason(message), failure);
}

/** Creates the error of a connection that gave no answer, or broke off in the middle of one. */
function withoutStatus(info: CodexErrorInfo, cause: unknown): GatewayError {
  const hasBegun = typeof info === 'object' && 'responseStreamDisconnected' in info;
  // A diagnosis finds out if the provider can have been asked.
  return hasBegun ? brokenOff(cause) : new GatewayError('upstream_error', `${UNREACHED}.`, { cause });
}

/** Creates the error of an answer that broke off: another attempt would ask the provider a second time. */
export function brokenOff(cause: unknown, what = BROKEN_OFF): GatewayError {
  return new GatewayError('upstream_error', `${what} ${ASKED_ADVICE}`, { cause, shouldRetry: false });
}

const BROKEN_OFF = 'The model provider failed, or the connection to it broke off.';

/**
 * Creates the error of a refusal. The provider's reason is for the caller alone, not for the log: it may quote the
 * request.
 */
function fromRefusal(
  kind: FailureKind,
  reason: string | undefined,
  { context, cause }: Failure,
): GatewayError {
  const description = kind.describe(context);
  const advice = kind.advise === undefined ? '' : ` ${kind.advise(context)}`;
  const withoutReason = `${description}.${advice}`;
  if (reason === undefined) return new GatewayError(kind.code, withoutReason, { cause });
  return new GatewayError(kind.code, `${description}: ${reason}.${advice}`, {
    cause,
    logMessage: withoutReason,
  });
}

function fromKind({ code, describe }: FailureKind, { message, context, cause }: Failure): GatewayError {
  const description = describe(context);
  if (code === 'model_not_found') return new GatewayError(code, description, { cause, param: 'model' });
  const retryAfter = retryAfterOf(code, message, context);
  return new GatewayError(code, `${description}${describeReset(code, context)}`, {
    cause,
    ...(retryAfter !== undefined && { retryAfter }),
  });
}

/** Describes when a used-up quota resets, if the account's limits include that. */
function describeReset(code: ErrorCode, { limitResetsAt, now }: ErrorContext): string {
  if (code !== 'insufficient_quota' || limitResetsAt === undefined || limitResetsAt <= now) return '';
  const time = new Date(limitResetsAt * 1000).toISOString().slice(0, 16).replace('T', ' ');
  return ` It resets at ${time} UTC.`;
}

/** Returns the seconds until another try makes sense: from the account's limits, the provider's message or the settings. */
function retryAfterOf(code: ErrorCode, message: string, context: ErrorContext): number | undefined {
  const { limitResetsAt, now, retryAfter } = context;
  if (!['insufficient_quota', 'rate_limited', 'overloaded'].includes(code)) return undefined;
  if (limitResetsAt !== undefined && limitResetsAt > now) return Math.ceil(limitResetsAt - now);
  // The reset of a used-up quota cannot be guessed.
  return parseWaitSeconds(message) ?? (code === 'insufficient_quota' ? undefined : retryAfter);
}

const UNIT_SECONDS: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600 };

/** Parses "Please try again in 1m2.5s." */
function parseWaitSeconds(message: string): number | undefined {
  const [, wait] = /try again in ((?:\d+(?:\.\d+)?(?:ms|[smh]))+)/i.exec(message) ?? [];
  if (wait === undefined) return undefined;
  const parts = [...wait.matchAll(/([\d.]+)(ms|[smh])/gi)];
  const seconds = parts.map(([, count, unit]) => Number(count) * UNIT_SECONDS[unit!.toLowerCase()]!);
  return Math.ceil(seconds.reduce((sum, value) => sum + value, 0));
}

export function notSignedIn(command: string, cause?: unknown): GatewayError {
  return new GatewayError(
    'codex_not_signed_in',
    `Codex is not signed in. Run \`${command} login\` where the gateway runs.`,
    { cause },
  );
}

/** Beginnings of the messages that Codex writes when a connection to the provider breaks off, or may have done so. */
const DISCONNECTED =
  /^(stream disconnected|error sending request|connection failed|request timed out|timeout|fatal error)/i;

/** Beginning of the message that Codex writes when it could not find out where to send a request. */
const UNROUTED = /^workspace routing/i;

/**
 * Decodes an error without a specific kind: a broken connection to the provider, or the body of a status 400, which
 * Codex passes on without the status.
 */
function fromMessage({ message, cause }: Failure): GatewayError {
  if (/idle timeout waiting for (SSE|websocket)/.test(message)) {
    return new GatewayError('idle_timeout', 'The model provider stopped sending.', { cause });
  }
  if (UNROUTED.test(message)) return new GatewayError('upstream_error', BROKEN_OFF, { cause });
  return DISCONNECTED.test(message) ? brokenOff(cause) : fromProviderText(message, cause);
}

/** Decodes a message that names a missing key, or quotes the provider. */
function fromProviderText(message: string, cause: unknown): GatewayError {
  const variable = /^Missing environment variable: `(\w+)`/.exec(message)?.[1];
  if (variable !== undefined) {
    const text = `The environment variable ${variable}, which holds the provider's key, is not set where the gateway runs.`;
    return new GatewayError('provider_unauthorized', text, { cause });
  }
  const body = parseProviderError(message);
  const text = body?.message ?? withoutAddresses(message);
  if (text === '') return brokenOff(cause, 'The turn failed, and Codex does not say why.');
  const providerCode = body?.code;
  return new GatewayError('provider_rejected', text, {
    cause,
    ...(providerCode !== undefined && { providerCode }),
  });
}
