import { GatewayError } from '../../base/errors.ts';
import type { Context } from './context.ts';

/**
 * Header of the requests that the console's page sends. Another page cannot send it without asking first, and no answer of the
 * gateway lets it send cookies along.
 */
const PAGE_HEADER = 'x-codex-gateway-console';

/** Returns the name of the cookie. Browsers send cookies to every port of a host, so that two gateways need two names. */
export function consoleCookieName(ctx: Context): string {
  return `codex-gateway-${ctx.req.socket.localPort ?? 0}`;
}

/**
 * Returns the token in the cookie of a browser that is signed in to the console; undefined without one. Throws a `GatewayError` if
 * the request does not come from the console's own page.
 */
export function readConsoleCookie(ctx: Context): string | undefined {
  const cookie = ctx.cookies.get(consoleCookieName(ctx));
  if (cookie === undefined || cookie === '' || ctx.get(PAGE_HEADER) === '') return undefined;
  requireOwnPage(ctx);
  return cookie;
}

/** Throws a `GatewayError` unless the request comes from a page of this gateway. */
export function requireOwnPage(ctx: Context): void {
  const site = ctx.get('sec-fetch-site');
  const origin = ctx.get('origin');
  const isOwn =
    ctx.get(PAGE_HEADER) !== '' && (site === '' ? isOwnOrigin(ctx, origin) : site === 'same-origin');
  if (isOwn) return;
  throw new GatewayError('forbidden_page', 'Only the page of the console itself can do this in its name.');
}

/** Returns true for the origin that the request is sent to. Browsers leave it out of some requests to their own origin. */
function isOwnOrigin(ctx: Context, origin: string): boolean {
  return origin === '' || URL.parse(origin)?.host === ctx.get('host').toLowerCase();
}
