import { createHash, timingSafeEqual } from 'node:crypto';
import { GatewayError } from '../../base/errors.ts';
import type { Caller, Context, Middleware, Scope } from '../requests/context.ts';

/** A token that lets callers in. The token itself is not kept. */
export interface AccessToken extends Caller {
  /** SHA-256 of the token. */
  readonly hash: Buffer;
}

export interface AuthenticateOptions {
  readonly tokens: readonly AccessToken[];
  /** The command that runs this program, for advice in errors. */
  readonly command: string;
}

/** Creates the entry of a token. */
export function createAccessToken(name: string, token: string, scopes: readonly Scope[]): AccessToken {
  return { name, hash: hashOf(token), scopes };
}

/**
 * Refuses requests without a known token and puts the caller on the context.
 * @param scope The scope that the token needs; any known token will do without one.
 */
export function authenticate({ tokens, command }: AuthenticateOptions, scope?: Scope): Middleware {
  return async (ctx, next) => {
    const token = readToken(ctx);
    if (token === undefined || token === '') {
      throw new GatewayError(
        'invalid_api_key',
        `You didn't provide an API key. Send the gateway's token as \`Authorization: Bearer TOKEN\`; \`${command} token\` prints it.`,
      );
    }
    const caller = findToken(tokens, token);
    if (caller === undefined) {
      throw new GatewayError(
        'invalid_api_key',
        `Incorrect API key provided. \`${command} token\` prints the one of this gateway.`,
      );
    }
    if (scope !== undefined && !caller.scopes.includes(scope)) {
      throw new GatewayError(
        'missing_scope',
        `You have insufficient permissions for this operation. Missing scopes: ${scope}.`,
      );
    }
    ctx.state.caller = { name: caller.name, scopes: caller.scopes };
    await next();
  };
}

/** Compares hashes, all of one length, with every entry: the time it takes says nothing about any token. */
function findToken(tokens: readonly AccessToken[], token: string): AccessToken | undefined {
  const given = hashOf(token);
  let found: AccessToken | undefined;
  for (const candidate of tokens) if (timingSafeEqual(given, candidate.hash)) found = candidate;
  return found;
}

/** Reads the token. Some clients send `api-key` or `x-api-key`; an Authorization header takes precedence. */
function readToken(ctx: Context): string | undefined {
  const authorization = ctx.get('authorization');
  if (authorization !== '') return /^Bearer +(\S+) *$/i.exec(authorization)?.[1] ?? '';
  const key = ctx.get('api-key') || ctx.get('x-api-key');
  return key === '' ? undefined : key;
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
