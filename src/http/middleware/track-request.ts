import { createId } from '../../base/ids.ts';
import type { Log } from '../../base/log.ts';
import type { ActiveRequests } from '../active-requests.ts';
import type { Middleware } from '../context.ts';

/** Names the request, ties its signal to the client's connection, and logs one line when it is over. */
export function trackRequest(active: ActiveRequests, log: Log): Middleware {
  return async (ctx, next) => {
    const start = performance.now();
    // As it came: a URL that cannot be parsed must not fail the log line.
    const path = (ctx.req.url ?? '').split('?')[0]!.slice(0, 100);
    ctx.state.requestId = createId('req_');
    ctx.state.signal = active.add(ctx.res);
    ctx.set('x-request-id', ctx.state.requestId);
    ctx.res.once('close', () => {
      log.info('request', {
        id: ctx.state.requestId,
        method: ctx.method,
        path,
        status: ctx.res.writableFinished ? ctx.status : 499,
        ms: Math.round(performance.now() - start),
      });
    });
    await next();
  };
}
