import { ClientGoneError } from '../../base/client-gone.ts';
import { GatewayError, messageOf, type ErrorCode } from '../../base/errors.ts';
import { excerpt, SCREENFUL } from '../../base/excerpt.ts';
import type { Log, LogFields } from '../../base/log.ts';
import { encodeError } from '../../openai/vocabulary/error-body.ts';
import { loggablePath } from '../../openai/loggable-path.ts';

/** A failure as the log has it. */
export interface Failure {
  readonly level: 'warn' | 'error';
  readonly fields: LogFields;
}

/** Failures with a status of 500 and more that are the provider's or the client's, and not the gateway's own. */
const OF_OTHERS: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'answer_too_large',
  'client_too_slow',
  'invalid_answer',
  'loop_detected',
  'overloaded',
  'provider_failed',
  'unknown_tool_call',
  'upstream_error',
  'upstream_refused',
  'upstream_timeout',
]);

/** Returns undefined where only the client has left. */
export function describeFailure(error: unknown): Failure | undefined {
  if (error instanceof ClientGoneError) return undefined;
  const { status, body } = encodeError(error);
  const { code, type } = body.error;
  if (!(error instanceof GatewayError)) {
    return { level: 'error', fields: { code, problem: `Unexpected: ${withoutQuotes(messageOf(error))}` } };
  }
  const { param, facts } = error.detail;
  const isOwn = status >= 500 && !OF_OTHERS.has(error.code);
  return {
    level: isOwn ? 'error' : 'warn',
    fields: {
      code: code === null ? type : token(code),
      param: param === undefined ? undefined : loggablePath(param),
      problem: loggableMessage(error),
      ...facts,
    },
  };
}

/** Reports a failure that belongs to no response. */
export function logFailure(log: Log, message: string, id: string, error: unknown): void {
  const failure = describeFailure(error);
  if (failure) log[failure.level](message, { id, ...failure.fields });
}

/** Returns a code of the provider's, unless it is no code. */
function token(code: string): string {
  return /^[\w.:-]{1,64}$/.test(code) ? code : '(unreadable)';
}

function loggableMessage({ message, detail: { logMessage, param } }: GatewayError): string {
  if (logMessage !== undefined) return logMessage;
  // The parameter, which nearly every message names, is the one quotation that can be kept.
  const words = param === undefined ? [message] : message.split(`'${param}'`);
  return words.map(withoutQuotes).join(param === undefined ? '' : `'${loggablePath(param)}'`);
}

/**
 * Messages set apart what they quote by quotation marks. It may hold such marks itself, and lack the last one where it was
 * shortened; an apostrophe stands behind a letter.
 */
function withoutQuotes(text: string): string {
  const short = excerpt(text, SCREENFUL);
  const plain = short.replace(/(?<!\w)'(?:.*'|.*)/s, "'…'").replace(/"(?:.*"|.*)/s, '"…"');
  return plain.replaceAll(OWN_WORDS, '').includes('`') ? plain.replace(/`(?:.*`|.*)/s, '`…`') : plain;
}

/** Commands and headers that messages name. */
const OWN_WORDS =
  /`(?:(?:(?:npx )?codex-gateway|npm -s start --)(?: [a-z-]+)*|Authorization: Bearer [A-Z_]+)`/g;
