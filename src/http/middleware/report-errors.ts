import type { Middleware, RequestState } from '../requests/context.ts';
import { noteErrorEncoder } from '../requests/error-encoders.ts';
import { pathOf } from '../requests/request-head.ts';
import type { FindSurface } from '../requests/surface.ts';

/**
 * Answers every error that is thrown before the first byte.
 * @param encodeError Encodes errors of requests whose surface is not known yet; the route group replaces it.
 */
export function reportErrors(
  encodeError: RequestState['encodeError'],
  findSurface?: FindSurface,
): Middleware {
  return async (ctx, next) => {
    const surface = findSurface?.(pathOf(ctx.req.url ?? '') ?? '');
    ctx.state.encodeError = surface?.encodesEarlyErrors ? surface.encodeError : encodeError;
    noteErrorEncoder(ctx.res, ctx.state.encodeError);
    try {
      await next();
    } catch (error) {
      ctx.state.record.fail(error);
      const { status, headers, body } = ctx.state.encodeError(error);
      ctx.set(headers);
      ctx.status = status;
      ctx.body = body;
    }
  };
}
