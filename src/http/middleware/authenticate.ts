import { createHash, timingSafeEqual } from 'node:crypto';
import { GatewayError } from '../../base/errors.ts';
import type { Caller, Context, Middleware, Scope } from '../requests/context.ts';

/** A token that lets callers in. The token itself is not kept. */
export interface AccessToken extends Caller {
  /** SHA-256 of the token. */
  readonly hash: Buffer;
}

export interface AuthenticateOptions {
  /** Undefined for a server without a token, which lets every caller in. */
  readonly tokens: readonly AccessToken[] | undefined;
  /** The command that runs this program, for advice in errors. */
  readonly command: string;
}

/** Creates the entry of a token. */
export function createAccessToken(name: string, token: string, scopes: readonly Scope[]): AccessToken {
  return { name, hash: hashOf(token), scopes };
}

/** Headers that may contain the token: the first of them that a request has, or any. */
export type TokenHeaders = 'first' | 'any';

/**
 * Refuses requests without a known token and puts the caller on the context.
 * @param scope The scope that the token needs; any known token will do without one.
 */
export function authenticate(
  { tokens, command }: AuthenticateOptions,
  scope?: Scope,
  headers: TokenHeaders = 'first',
): Middleware {
  return async (ctx, next) => {
    if (tokens !== undefined) {
      const caller = findCaller(tokens, readTokens(ctx, headers), command);
      if (scope !== undefined && !caller.scopes.includes(scope)) {
        throw new GatewayError(
          'missing_scope',
          `You have insufficient permissions for this operation. Missing scopes: ${scope}.`,
        );
      }
      ctx.state.caller = { name: caller.name, scopes: caller.scopes };
    }
    if (headers === 'any') {
      ctx.state.foreignAuthorization = foreignAuthorization(ctx.get('authorization'), tokens);
    }
    await next();
  };
}

function findCaller(tokens: readonly AccessToken[], given: readonly string[], command: string): AccessToken {
  if (given.length === 0) {
    throw new GatewayError(
      'invalid_api_key',
      `You didn't provide an API key. Send the gateway's token as \`Authorization: Bearer TOKEN\`; \`${command} token\` prints it.`,
    );
  }
  const callers = given.map((token) => findToken(tokens, token));
  const caller = callers.find((found) => found !== undefined);
  if (caller !== undefined) return caller;
  throw new GatewayError(
    'invalid_api_key',
    `Incorrect API key provided. \`${command} token\` prints the one of this gateway.`,
  );
}

/** Returns the header unless it contains a token of the gateway in any form: nobody else may see that. */
function foreignAuthorization(
  header: string,
  tokens: readonly AccessToken[] | undefined = [],
): string | undefined {
  const isOwn = header.split(/[\s,]+/).some((word) => findToken(tokens, word) !== undefined);
  return isOwn || header === '' ? undefined : header;
}

/** Compares hashes, all of one length, with every entry: the time it takes says nothing about any token. */
function findToken(tokens: readonly AccessToken[], token: string): AccessToken | undefined {
  const given = hashOf(token);
  let found: AccessToken | undefined;
  for (const candidate of tokens) if (timingSafeEqual(given, candidate.hash)) found = candidate;
  return found;
}

/** Reads what may be the token. Some clients send `api-key` or `x-api-key`; an Authorization header takes precedence. */
function readTokens(ctx: Context, headers: TokenHeaders): string[] {
  const authorization = ctx.get('authorization');
  const bearer = /^Bearer +(\S+) *$/i.exec(authorization)?.[1] ?? '';
  const keys = [ctx.get('api-key'), ctx.get('x-api-key')].filter((key) => key !== '');
  if (headers === 'any') return [bearer, ...keys].filter((token) => token !== '');
  const first = authorization === '' ? keys[0] : bearer;
  return first === undefined || first === '' ? [] : [first];
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
