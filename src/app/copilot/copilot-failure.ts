import { GatewayError, type ErrorCode } from '../../base/errors.ts';
import { excerpt } from '../../base/excerpt.ts';
import { isJsonObject } from '../../base/json.ts';
import { COPILOT_PREFIX } from '../config/copilot-id.ts';

const OVERLOADED = 'That model is currently overloaded with other requests.';
const SERVER_ERROR = 'The server had an error processing your request.';
const QUOTA = 'You exceeded your current quota, please check your plan and billing details.';

/** Codes of the statuses that have one of their own. */
const CODES: Readonly<Record<number, ErrorCode>> = {
  401: 'provider_unauthorized',
  403: 'provider_forbidden',
  429: 'rate_limited',
  500: 'provider_failed',
  503: 'overloaded',
};

/** Returns the error for an answer of Copilot with an error status, from its body. */
export function decodeRefusal(status: number, body: string, command: string): GatewayError {
  const code = CODES[status] ?? (status < 500 ? 'upstream_refused' : 'upstream_error');
  const reason = reasonOf(body);
  const because = reason === undefined ? '' : `: ${reason}`;
  const text = describe(status, command);
  return new GatewayError(code, text.replace('%', because), {
    logMessage: text.replace('%', ''),
    facts: { providerStatus: status },
  });
}

/** Returns the message for a status. `%` stands for Copilot's own reason. */
function describe(status: number, command: string): string {
  if (status === 401) return `GitHub Copilot refused the login (HTTP 401)%. ${adviseLogin(command)}`;
  if (status === 403) {
    const advice = `See \`${command} copilot status\` for the account and its plan.`;
    return `GitHub Copilot refused access (HTTP 403)%. ${advice}`;
  }
  if (status === 429) return 'Rate limit reached. GitHub Copilot asks to try again later (HTTP 429).';
  if (status === 500) return `${SERVER_ERROR} GitHub Copilot failed (HTTP 500).`;
  if (status === 503) return `${OVERLOADED} GitHub Copilot has no capacity (HTTP 503); try again later.`;
  return `GitHub Copilot failed (HTTP ${status})%.`;
}

function adviseLogin(command: string): string {
  return `Sign in again with \`${command} copilot login\` where the gateway runs.`;
}

/** Returns the message of a body, which is often plain text, without the period at its end. */
function reasonOf(body: string): string | undefined {
  const text = body.trim();
  if (text.startsWith('<')) return undefined;
  const message = messageIn(text) ?? text;
  return excerpt(message.replace(/[.\s]+$/, ''), 500) || undefined;
}

function messageIn(text: string): string | undefined {
  try {
    const body: unknown = JSON.parse(text);
    const error = isJsonObject(body) ? (body.error ?? body) : undefined;
    if (typeof error === 'string') return error;
    return isJsonObject(error) && typeof error.message === 'string' ? error.message : '';
  } catch {
    return undefined;
  }
}

/** Returns an error of the adapter, with a message that names Copilot. */
export function nameAdapterFailure(error: GatewayError): GatewayError {
  if (/copilot/i.test(error.message)) return error;
  return new GatewayError(error.code, `GitHub Copilot cannot be reached. ${error.message}`, error.detail);
}

/** Returns an error of a turn, which speaks of Codex and its provider, in the terms of Copilot. */
export function nameTurnFailure(error: unknown, model: string, command: string): unknown {
  if (!(error instanceof GatewayError)) return error;
  const { code, detail } = error;
  if (code === 'provider_unauthorized')
    return new GatewayError(code, `GitHub Copilot refused the login. ${adviseLogin(command)}`, detail);
  if (code === 'insufficient_quota') {
    const message = `${QUOTA} The usage limit of the GitHub Copilot account has been reached.`;
    return new GatewayError(code, message, detail);
  }
  const message = error.message
    .replaceAll(/\bthe model provider\b/gi, 'GitHub Copilot')
    .replaceAll(`\`${model}\``, `\`${COPILOT_PREFIX}${model}\``)
    .replaceAll(` for ${model}.`, ` for ${COPILOT_PREFIX}${model}.`);
  return message === error.message ? error : new GatewayError(code, message, detail);
}
