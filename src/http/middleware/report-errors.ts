import { encodeError } from '../../openai/vocabulary/error-body.ts';
import type { Middleware } from '../requests/context.ts';

/** Answers whatever was thrown before the first byte as an OpenAI error. */
export function reportErrors(): Middleware {
  return async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      ctx.state.record.fail(error);
      const { status, headers, body } = encodeError(error);
      ctx.set(headers);
      ctx.status = status;
      ctx.body = body;
    }
  };
}
