import { GatewayError } from '../base/errors.ts';
import type { Scope } from '../base/scopes.ts';

/** @param command The command that runs this program. */
export function wrongToken(command: string): GatewayError {
  return new GatewayError(
    'invalid_api_key',
    `Incorrect API key provided. \`${command} token\` prints the one of this gateway.`,
  );
}

/** @param expires Unix milliseconds. */
export function expiredToken(expires: number, command: string): GatewayError {
  return new GatewayError(
    'invalid_api_key',
    `Incorrect API key provided: this token expired at ${new Date(expires).toISOString()}. \`${command} tokens add\` makes another one.`,
  );
}

export function revokedToken(command: string): GatewayError {
  return new GatewayError(
    'invalid_api_key',
    `Incorrect API key provided: this token was revoked. \`${command} tokens add\` makes another one.`,
  );
}

export function missingScope(scope: Scope): GatewayError {
  return new GatewayError(
    'missing_scope',
    `You have insufficient permissions for this operation. Missing scopes: ${scope}.`,
  );
}

export function tooManyGuesses(): GatewayError {
  return new GatewayError(
    'too_many_guesses',
    'Rate limit reached: too many wrong API keys came from your address. Correct the key, then try again.',
    { retryAfter: 1 },
  );
}

export function unreadTokens(): GatewayError {
  return new GatewayError(
    'storage_busy',
    'The disk with the tokens of this gateway does not answer, so that your API key cannot be checked. Try again later.',
    { retryAfter: 5 },
  );
}

interface UsedLimit {
  readonly limit: number;
  readonly used: number;
  /** Milliseconds until it is no longer reached. */
  readonly waitMs: number;
}

export function overRequests(name: string, { limit, used, waitMs }: UsedLimit): GatewayError {
  const retryAfter = Math.max(1, Math.ceil(waitMs / 1_000));
  return new GatewayError(
    'token_limited',
    `Rate limit reached for the token ${name} on requests per min (RPM): Limit ${limit}, Used ${used}, Requested 1. Please try again in ${retryAfter}s.`,
    { retryAfter },
  );
}

export function overDay(name: string, { limit, used, waitMs }: UsedLimit): GatewayError {
  const retryAfter = Math.max(1, Math.ceil(waitMs / 1_000));
  return new GatewayError(
    'daily_limit_reached',
    `Rate limit reached for the token ${name} on tokens per day (TPD): Limit ${limit}, Used ${used}. Please try again in ${formatHours(retryAfter)}, at midnight UTC.`,
    { retryAfter },
  );
}

interface UsedTurns {
  readonly limit: number;
  readonly used: number;
  readonly asked: number;
}

/** Seconds after which a turn may have ended. */
const TURN_SECONDS = 1;

export function overTurns(name: string, { limit, used, asked }: UsedTurns): GatewayError {
  if (asked > limit)
    return new GatewayError(
      'token_limited',
      `Rate limit reached for the token ${name} on turns at once: Limit ${limit}, Requested ${asked}. Ask for fewer answers in one request.`,
      { retryAfter: TURN_SECONDS },
    );
  return new GatewayError(
    'token_limited',
    `Rate limit reached for the token ${name} on turns at once: Limit ${limit}, Used ${used}, Requested ${asked}. Please try again when one has ended.`,
    { retryAfter: TURN_SECONDS },
  );
}

/** Returns a duration as OpenAI writes it, as in `6h0m12s`. */
function formatHours(seconds: number): string {
  const hours = Math.floor(seconds / 3_600);
  const minutes = Math.floor((seconds % 3_600) / 60);
  return `${hours}h${minutes}m${seconds % 60}s`;
}
