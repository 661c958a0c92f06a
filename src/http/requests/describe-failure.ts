import { ClientGoneError } from '../../base/client-gone.ts';
import { GatewayError, messageOf, type ErrorCode } from '../../base/errors.ts';
import { excerpt, SCREENFUL } from '../../base/excerpt.ts';
import type { ObservedFailure } from '../../base/observation.ts';
import { encodeError } from '../../openai/vocabulary/error-body.ts';
import { loggablePath } from '../../openai/loggable-path.ts';

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

/** Returns a failure as observers may see it; undefined if the client has just left. */
export function describeFailure(error: unknown): ObservedFailure | undefined {
  if (error instanceof ClientGoneError) return undefined;
  const { status, body } = encodeError(error);
  const { code, type } = body.error;
  if (!(error instanceof GatewayError)) {
    return {
      isOwn: true,
      code: String(code),
      problem: `Unexpected: ${withoutQuotes(messageOf(error))}`,
    };
  }
  const { param, facts } = error.detail;
  return {
    isOwn: status >= 500 && !OF_OTHERS.has(error.code),
    code: code === null ? type : token(code),
    param: param === undefined ? undefined : loggablePath(param),
    problem: loggableMessage(error),
    facts,
  };
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
