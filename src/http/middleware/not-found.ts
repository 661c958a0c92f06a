import type { RouterContext } from '@koa/router';
import { GatewayError } from '../../base/errors.ts';
import { excerpt } from '../../base/excerpt.ts';
import { absentFrom } from '../requests/absent.ts';
import type { Context, Middleware } from '../requests/context.ts';
import { pathOf } from '../requests/path-of.ts';

/** Refuses a request that no route has answered. */
export function notFound(): Middleware {
  return async (ctx) => {
    const allow = methodsOf(ctx);
    const given = excerpt(pathOf(ctx.originalUrl) ?? '');
    if (allow.length > 0) {
      const hint = `${given} answers ${allow.join(', ')}, not ${ctx.method}.`;
      throw new GatewayError('method_not_allowed', hint, { allow });
    }
    const absent = absentFrom(ctx.path);
    const why = absent === undefined ? '' : ` Codex has no ${absent}.`;
    throw new GatewayError(
      'unknown_url',
      `Unknown request URL: ${ctx.method} ${given}.${why} The page docs/api/endpoints.md of codex-gateway lists every path.`,
    );
  };
}

/** The methods of the routes whose path matched. */
function methodsOf(ctx: Context): string[] {
  const { matched } = ctx as unknown as Pick<RouterContext, 'matched'>;
  return [...new Set((matched ?? []).flatMap((layer) => layer.methods))];
}
