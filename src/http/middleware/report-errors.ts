import { ClientGoneError } from '../../base/client-gone.ts';
import { GatewayError, messageOf } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import { encodeError } from '../../openai/error-body.ts';
import type { Middleware } from '../context.ts';

/** Answers whatever was thrown before the first byte as an OpenAI error. */
export function reportErrors(log: Log): Middleware {
  return async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      logError(log, ctx.state.requestId, error);
      const { status, headers, body } = encodeError(error);
      ctx.set(headers);
      ctx.status = status;
      ctx.body = body;
    }
  };
}

/** A `GatewayError` may quote the caller, in its message and its `param`, so only its code is logged. */
export function logError(log: Log, requestId: string, error: unknown): void {
  if (error instanceof GatewayError) {
    log.info('request failed', { id: requestId, code: error.code });
  } else if (!(error instanceof ClientGoneError)) {
    log.error('request failed unexpectedly', { id: requestId, problem: messageOf(error) });
  }
}
