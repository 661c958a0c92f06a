import { GatewayError } from '../../base/errors.ts';
import type { Context } from './context.ts';
import { parseNamedHost } from './host-rules.ts';

/**
 * Header of the requests that the console's page sends. Another page cannot send it without asking first, and no answer of the
 * gateway lets it send cookies along. Its value is the key of the page.
 */
const PAGE_HEADER = 'x-codex-gateway-console';

/** A browser that says it is signed in. */
export interface BrowserKeys {
  /** The token in its cookie. */
  readonly token: string;
  /** The key that its page keeps. */
  readonly pageKey: string;
}

/** Browsers accept a name with this prefix only over TLS, and never from another host. */
const SECURE_PREFIX = '__Host-';

/** Returns the name of the cookie. Browsers send cookies to every port of a host, so that two gateways need two names. */
function nameOf(ctx: Context): string {
  const port = parseNamedHost(ctx.get('host'))?.port;
  return port === undefined ? 'codex-gateway' : `codex-gateway-${port}`;
}

/**
 * Returns what a browser shows that is signed in to the console; undefined without it. Throws a `GatewayError` if the request does
 * not come from the console's own page.
 */
export function readConsoleCookie(ctx: Context): BrowserKeys | undefined {
  const pageKey = ctx.get(PAGE_HEADER);
  if (pageKey === '') return undefined;
  const name = nameOf(ctx);
  const token = ctx.cookies.get(`${SECURE_PREFIX}${name}`) ?? ctx.cookies.get(name);
  if (token === undefined || token === '') return undefined;
  requireOwnPage(ctx);
  return { token, pageKey };
}

/** Returns true for a request that the console's page has sent by itself, without another key than its cookie. */
export function isOfPage(ctx: Context): boolean {
  return ctx.get(PAGE_HEADER) !== '' && KEY_HEADERS.every((name) => ctx.get(name) === '');
}

const KEY_HEADERS = ['authorization', 'api-key', 'x-api-key'];

/** Keeps a token in the browser: out of reach of every script, and sent along by pages of this host alone. */
export function setConsoleCookie(ctx: Context, token: string, maxAgeSeconds: number): void {
  // Behind a proxy, the gateway itself sees no TLS. The page has said where it comes from.
  const isSecure = ctx.get('origin').startsWith('https:');
  ctx.cookies.secure = isSecure;
  ctx.cookies.set(isSecure ? `${SECURE_PREFIX}${nameOf(ctx)}` : nameOf(ctx), token, {
    httpOnly: true,
    secure: isSecure,
    sameSite: 'strict',
    path: '/',
    maxAge: maxAgeSeconds * 1000,
    overwrite: true,
  });
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
