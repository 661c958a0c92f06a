import type { Middleware } from '../requests/context.ts';

/**
 * Allows the page its own files and its own server, and nothing else: no script or style in the text of the page, no other host,
 * and no frame around it. HTML that scripts insert has to come from the sanitizer.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types dompurify',
].join('; ');

/** Sets the headers that keep the page, and everything below its path, from being framed, sniffed or made to run something. */
export const protectPage: Middleware = async (ctx, next) => {
  ctx.set({
    'cache-control': 'no-store',
    'content-security-policy': POLICY,
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), geolocation=(), microphone=()',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
  });
  await next();
};
