import { GatewayError } from '../../base/errors.ts';
import { MAIN_TOKEN } from '../../base/scopes.ts';
import type { ConsoleService } from '../../console/console-service.ts';
import { codeRequestSchema, signInSchema, type Me } from '../../console/contract/sign-in.ts';
import { CODE_SECONDS } from '../../console/sign-in/sign-in-codes.ts';
import { consoleCookieName, requireOwnPage } from '../requests/console-cookie.ts';
import type { Context, Middleware } from '../requests/context.ts';
import type { Route } from '../routing/route-group.ts';
import { parseBodyBy } from './parse-body-by.ts';

/** Creates the routes by which a browser signs in and out. */
export function signInRoutes(open: () => Promise<ConsoleService>, command: string): Route[] {
  const makeCode: Middleware = async (ctx) => {
    const { scopes, read_only: isReadOnly } = parseBodyBy(codeRequestSchema, ctx);
    const { caller } = ctx.state;
    if (caller?.browser) throw new GatewayError('missing_scope', 'A browser cannot sign in another one.');
    const allowed = scopes.filter((scope) => caller?.scopes.includes(scope) ?? true);
    const { codes } = await open();
    const code = codes.make({ owner: caller?.id ?? MAIN_TOKEN, scopes: allowed, isReadOnly });
    ctx.body = { code, expires_in: CODE_SECONDS };
  };

  const signIn: Middleware = async (ctx) => {
    requireOwnPage(ctx);
    const { code } = parseBodyBy(signInSchema, ctx);
    const { codes, browsers } = await open();
    const grant = codes.take(code);
    if (grant === undefined) throw signInFailed(command);
    const { token, maxAgeSeconds } = await browsers.signIn(grant);
    setCookie(ctx, token, maxAgeSeconds);
    ctx.status = 204;
  };

  const signOut: Middleware = async (ctx) => {
    const { caller } = ctx.state;
    if (caller?.browser) await (await open()).browsers.signOut(caller.name);
    setCookie(ctx, '', 0);
    ctx.status = 204;
  };

  const showMe: Middleware = async (ctx) => {
    const { name = MAIN_TOKEN, scopes = [], browser } = ctx.state.caller ?? {};
    const { version } = await open();
    const me: Me = { name, scopes: [...scopes], read_only: browser?.isReadOnly ?? false, version };
    ctx.body = me;
  };

  return [
    { method: 'post', path: '/console/codes', body: 'parsed', handlers: [makeCode] },
    { method: 'post', path: '/console/sign-in', body: 'parsed', isPublic: true, handlers: [signIn] },
    { method: 'post', path: '/console/sign-out', handlers: [signOut] },
    { method: 'get', path: '/console/me', handlers: [showMe] },
  ];
}

function signInFailed(command: string): GatewayError {
  return new GatewayError(
    'sign_in_failed',
    `This link was used before, or is older than a minute. Run \`${command} open\` for another one.`,
  );
}

function setCookie(ctx: Context, token: string, maxAgeSeconds: number): void {
  ctx.cookies.set(consoleCookieName(ctx), token, {
    httpOnly: true,
    sameSite: 'strict',
    path: '/',
    maxAge: maxAgeSeconds * 1000,
    overwrite: true,
  });
}
