import type { RouterContext } from '@koa/router';
import { GatewayError } from '../../base/errors.ts';
import { excerpt } from '../../base/excerpt.ts';
import type { Context } from '../requests/context.ts';
import { pathOf } from '../requests/request-head.ts';

const LISTED_BY = 'The page docs/api/endpoints.md of codex-gateway lists every path.';

/** Returns the error for a request that no route has answered. */
export function notFound(ctx: Context, explanation = '', listedBy = LISTED_BY): GatewayError {
  const allow = methodsOf(ctx);
  if (allow.length > 0) {
    const given = excerpt(pathOf(ctx.originalUrl) ?? '');
    const message = `${given} answers ${allow.join(', ')}, not ${ctx.method}.`;
    return new GatewayError('method_not_allowed', message, { allow });
  }
  return unknownUrl(ctx, explanation, listedBy);
}

/** Returns the error for a path behind which there is nothing, although its pattern has a route. */
export function unknownUrl(ctx: Context, explanation = '', listedBy = LISTED_BY): GatewayError {
  const given = excerpt(pathOf(ctx.originalUrl) ?? '');
  const why = explanation === '' ? '' : ` ${explanation}`;
  return new GatewayError('unknown_url', `Unknown request URL: ${ctx.method} ${given}.${why} ${listedBy}`);
}

/** Returns the methods of the routes whose path matched. */
function methodsOf(ctx: Context): string[] {
  const { matched = [] } = ctx as Context & Partial<Pick<RouterContext, 'matched'>>;
  return [...new Set(matched.flatMap((layer) => layer.methods))];
}
