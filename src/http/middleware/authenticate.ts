import { GatewayError } from '../../base/errors.ts';
import type { Scope } from '../../base/scopes.ts';
import type { Caller, Context, Middleware } from '../requests/context.ts';
import { readConsoleCookie } from '../requests/console-cookie.ts';
import type { TokenChecks } from '../requests/token-checks.ts';
import type { FarewellToCaller, TokenWatch } from '../requests/watch-tokens.ts';

export interface AuthenticateOptions {
  /** Undefined for a server without a token, which lets every caller in. */
  readonly tokens: TokenChecks | undefined;
  /** The command that runs this program, for advice in errors. */
  readonly command: string;
}

/** Headers that may contain the token: the first of them that a request has, any, or `x-api-key` alone. */
export type TokenHeaders = 'first' | 'any' | 'x-api-key';

interface RouteAccess {
  /** The scope that the token needs; any known token will do without one. */
  readonly scope?: Scope | undefined;
  readonly headers?: TokenHeaders | undefined;
  readonly onLost?: FarewellToCaller | undefined;
  /** True for a route that is for browsers that may only look, and false for one that is not, whatever its method. */
  readonly isForReaders?: boolean | undefined;
}

/** Refuses requests without a known token, puts the caller on the context, and ends the request when the token does. */
export function authenticate(
  { tokens, command, watch }: AuthenticateOptions & { readonly watch: TokenWatch },
  { scope, headers = 'first', onLost, isForReaders }: RouteAccess = {},
): Middleware {
  return async (ctx, next) => {
    if (tokens !== undefined && !ctx.state.isOpen) {
      const given = readKeys(ctx, headers);
      if (given.keys.length === 0) throw missingToken(command);
      const found = await tokens.identify({ ...given, address: ctx.state.clientAddress });
      const { id, name, scopes, browser } = found;
      ctx.state.record.noteCaller(name);
      const caller = { id, name, scopes, browser };
      if (scope !== undefined && !scopes.includes(scope)) throw scopeMissing(scope);
      const isLook = isForReaders ?? READING.has(ctx.method);
      if (!isLook) requireChange(caller, command);
      await tokens.enter(caller, ctx.get('user-agent'));
      // The answer of a client that has left closes no more, so that the watch would never end.
      ctx.state.signal.throwIfAborted();
      ctx.state.caller = caller;
      // The next person at the browser finds none of this in its cache.
      if (browser !== undefined) ctx.set('cache-control', 'no-store');
      ctx.res.once('close', watch.watch({ caller, end: ctx.state.end, onLost }));
    }
    if (headers === 'any') {
      ctx.state.foreignAuthorization = foreignAuthorization(ctx.get('authorization'), tokens);
    }
    await next();
  };
}

/** Methods of requests that change nothing, on all routes but a few. */
const READING: ReadonlySet<string> = new Set(['GET', 'HEAD']);

/** Returns the keys of a request; the cookie of the console counts only where there is no other key. */
function readKeys(ctx: Context, headers: TokenHeaders): { keys: string[]; pageKey?: string } {
  const keys = readTokens(ctx, headers);
  const hasKey = keys.length > 0 || ctx.get('authorization') !== '';
  const cookie = hasKey ? undefined : readConsoleCookie(ctx);
  return cookie === undefined ? { keys } : { keys: [cookie.token], pageKey: cookie.pageKey };
}

function scopeMissing(scope: Scope): GatewayError {
  return new GatewayError(
    'missing_scope',
    `You have insufficient permissions for this operation. Missing scopes: ${scope}.`,
  );
}

/** Throws a `GatewayError` for a browser that may only look. */
function requireChange({ browser }: Caller, command: string): void {
  if (browser?.isReadOnly !== true) return;
  throw new GatewayError(
    'read_only',
    `This browser is signed in to look only. To change something, sign in again with \`${command} open\`.`,
  );
}

function missingToken(command: string): GatewayError {
  return new GatewayError(
    'invalid_api_key',
    `You didn't provide an API key. Send the gateway's token as \`Authorization: Bearer TOKEN\`; \`${command} token\` prints it.`,
  );
}

/** Returns the header unless it contains a token of the gateway in any form: nobody else may see that. */
function foreignAuthorization(header: string, tokens: TokenChecks | undefined): string | undefined {
  const isOwn = header.split(/[\s,]+/).some((word) => tokens?.isOwn(word) ?? false);
  return isOwn || header === '' ? undefined : header;
}

/** Reads what may be the token. Some clients send `api-key` or `x-api-key`; an Authorization header takes precedence. */
function readTokens(ctx: Context, headers: TokenHeaders): string[] {
  if (headers === 'x-api-key') return [ctx.get('x-api-key')].filter((key) => key !== '');
  const authorization = ctx.get('authorization');
  const bearer = /^Bearer +(\S+) *$/i.exec(authorization)?.[1] ?? '';
  const keys = [ctx.get('api-key'), ctx.get('x-api-key')].filter((key) => key !== '');
  if (headers === 'any') return [bearer, ...keys].filter((token) => token !== '');
  const first = authorization === '' ? keys[0] : bearer;
  return first === undefined || first === '' ? [] : [first];
}
