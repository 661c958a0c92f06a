import { ClientGoneError, GatewayError, messageOf, type ErrorCode } from '../../base/errors.ts';
import { excerpt, MAX_MESSAGE_CHARACTERS } from '../../base/excerpt.ts';
import type { ObservedFailure } from '../../base/observation.ts';
import { encodeError, isOwnCode } from '../../openai/vocabulary/error-body.ts';
import { loggablePath } from '../../openai/loggable-path.ts';

/** Codes with a status of 500 or more that are not the gateway's fault. */
const NOT_OWN: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'answer_too_large',
  'copilot_auth_unreachable',
  'client_too_slow',
  'first_byte_timeout',
  'idle_timeout',
  'invalid_answer',
  'loop_detected',
  'overloaded',
  'provider_failed',
  'shutting_down',
  'turn_timeout',
  'unknown_tool_call',
  'upstream_error',
  'upstream_refused',
  'upstream_request_failed',
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
      kind: 'internal_error',
      outcome: 'internal_error',
      problem: `Unexpected: ${withoutQuotes(messageOf(error))}`,
    };
  }
  const { param, facts } = error.detail;
  return {
    isOwn: status >= 500 && !NOT_OWN.has(error.code),
    code: code === null ? type : loggableCode(code),
    kind: error.code,
    outcome: code !== null && isOwnCode(code) ? code : error.code,
    param: param === undefined ? undefined : loggablePath(param),
    problem: loggableMessage(error),
    facts,
  };
}

/** Returns a code, which may come from the provider, only if it looks like one. */
function loggableCode(code: string): string {
  return /^[\w.:-]{1,64}$/.test(code) ? code : '(unreadable)';
}

function loggableMessage({ message, detail: { logMessage, param } }: GatewayError): string {
  if (logMessage !== undefined) return logMessage;
  // The parameter is the only quotation that may be logged; nearly every message contains it.
  const words = param === undefined ? [message] : message.split(`'${param}'`);
  return words.map(withoutQuotes).join(param === undefined ? '' : `'${loggablePath(param)}'`);
}

/**
 * Replaces everything that a message quotes. A quotation may contain quotation marks itself, and it lacks the last one if it was
 * shortened. A mark after a letter is an apostrophe.
 */
function withoutQuotes(text: string): string {
  const short = excerpt(text, MAX_MESSAGE_CHARACTERS);
  const plain = short.replace(/(?<!\w)'(?:.*'|.*)/s, "'…'").replace(/"(?:.*"|.*)/s, '"…"');
  return plain.replaceAll(OWN_WORDS, '').includes('`') ? plain.replace(/`(?:.*`|.*)/s, '`…`') : plain;
}

/** Matches commands and headers that messages of the gateway itself quote. */
const OWN_WORDS =
  /`(?:(?:(?:npx )?codex-gateway|npm -s start --)(?: [a-z-]+)*|Authorization: Bearer [A-Z_]+)`/g;
