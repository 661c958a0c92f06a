import { createHash, timingSafeEqual } from 'node:crypto';
import { GatewayError } from '../../base/errors.ts';
import type { Context, Middleware } from '../requests/context.ts';

export interface AuthenticateOptions {
  readonly token: string;
  /** Command by which the user calls this program, for advice in errors. */
  readonly command: string;
}

/** Lets in those who know the token. */
export function authenticate({ token, command }: AuthenticateOptions): Middleware {
  const expected = digest(token);
  return async (ctx, next) => {
    const given = readToken(ctx);
    if (given === undefined || given === '') {
      throw new GatewayError(
        'invalid_api_key',
        `You didn't provide an API key. Send the gateway's token as \`Authorization: Bearer TOKEN\`; \`${command} token\` prints it.`,
      );
    }
    // Digests have one length, so the comparison tells nothing about the token, its length included.
    if (!timingSafeEqual(digest(given), expected)) {
      throw new GatewayError(
        'invalid_api_key',
        `Incorrect API key provided. \`${command} token\` prints the one of this gateway.`,
      );
    }
    await next();
  };
}

/** Some clients send `api-key` or `x-api-key`; where an Authorization header comes too, it decides. */
function readToken(ctx: Context): string | undefined {
  const authorization = ctx.get('authorization');
  if (authorization !== '') return /^Bearer +(\S+) *$/i.exec(authorization)?.[1] ?? '';
  const key = ctx.get('api-key') || ctx.get('x-api-key');
  return key === '' ? undefined : key;
}

function digest(value: string): Buffer {
  return createHash('sha256').update(value).digest();
}
