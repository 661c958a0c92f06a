import { createId } from '../../base/ids.ts';
import type { Log } from '../../base/log.ts';
import type { ActiveRequests } from '../active-requests.ts';
import type { Middleware } from '../context.ts';
import { limitStall } from '../limit-stall.ts';
import { pathOf } from '../path-of.ts';

export interface TrackRequestOptions {
  readonly active: ActiveRequests;
  readonly log: Log;
  /** Milliseconds that a client may take to read what was written. */
  readonly stallLimit: number;
}

/**
 * Names the request, ties its signal to the client's connection, ends the connection of a client that does not read the
 * whole answer, and logs one line when it is over.
 */
export function trackRequest({ active, log, stallLimit }: TrackRequestOptions): Middleware {
  return async (ctx, next) => {
    const start = performance.now();
    const path = (pathOf(ctx.req.url ?? '') ?? '(unreadable)').slice(0, 100);
    ctx.state.requestId = createId('req_');
    ctx.state.signal = active.add(ctx.res);
    ctx.res.once('prefinish', () => limitStall(ctx.res, stallLimit));
    ctx.set('x-request-id', ctx.state.requestId);
    ctx.res.once('close', () => {
      log.info('request', {
        id: ctx.state.requestId,
        method: ctx.method,
        path,
        // A connection that is used for something else now has had its answer.
        status: ctx.res.writableFinished || ctx.respond === false ? ctx.status : 499,
        ms: Math.round(performance.now() - start),
      });
    });
    await next();
  };
}
