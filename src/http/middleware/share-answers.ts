import type { Context, Middleware } from '../requests/context.ts';
import type { JudgeOrigin } from '../requests/origin-rules.ts';
import { forbiddenOrigin } from './check-origin.ts';

/** Headers of answers that a page may read beside the few that it always may. */
const EXPOSED = [
  'x-request-id',
  'x-codex-gateway-request-id',
  'x-codex-gateway-ignored',
  'x-codex-gateway-adjusted',
  'retry-after',
  'x-should-retry',
  'mcp-session-id',
  'x-ratelimit-limit-requests',
  'x-ratelimit-remaining-requests',
  'x-ratelimit-reset-requests',
].join(', ');

/** Methods of all routes. */
const METHODS = 'GET, HEAD, POST, DELETE';

/** Seconds for which a browser need not ask again: the most that any of them accepts is a day, Chromium's limit is this. */
const MAX_AGE_SECONDS = 7_200;

/** A list of names of headers. */
const HEADER_NAMES = /^[\w!#$%&'*+.^`|~-]+(?: *, *[\w!#$%&'*+.^`|~-]+)*$/;

/** Lets pages of the accepted origins read every answer, errors included. */
export function shareAnswers(judge: JudgeOrigin): Middleware {
  return async (ctx, next) => {
    const origin = ctx.get('origin');
    if (origin !== '') ctx.vary('Origin');
    if (judge(origin, ctx.state.isOpen) === 'shared') {
      ctx.set('access-control-allow-origin', origin);
      ctx.set('access-control-expose-headers', EXPOSED);
    }
    await next();
  };
}

/** Answers the question with which a browser asks if a page may send a request. It comes without a token. */
export function answerPreflights(judge: JudgeOrigin): Middleware {
  return async (ctx, next) => {
    if (!isPreflight(ctx)) return await next();
    const { isOpen } = ctx.state;
    const origin = ctx.get('origin');
    if (judge(origin, isOpen) !== 'shared') throw forbiddenOrigin(origin, isOpen);
    const names = ctx.get('access-control-request-headers');
    ctx.vary(['Access-Control-Request-Method', 'Access-Control-Request-Headers']);
    ctx.set({
      'access-control-allow-methods': METHODS,
      // A star would not stand for `Authorization`.
      ...(HEADER_NAMES.test(names) && { 'access-control-allow-headers': names }),
      'access-control-allow-private-network': 'true',
      'access-control-max-age': String(MAX_AGE_SECONDS),
    });
    ctx.remove('access-control-expose-headers');
    ctx.status = 204;
  };
}

function isPreflight(ctx: Context): boolean {
  return (
    ctx.method === 'OPTIONS' && ctx.get('origin') !== '' && ctx.get('access-control-request-method') !== ''
  );
}
