import { createId } from '../../base/ids.ts';
import type { Log } from '../../base/log.ts';
import type { ActiveRequests } from '../requests/active-requests.ts';
import type { Middleware } from '../requests/context.ts';
import { clientName } from '../requests/client-name.ts';
import { limitStall } from '../edge/limit-stall.ts';
import { pathOf } from '../requests/path-of.ts';
import { CLIENT_GONE, createRequestRecord } from '../requests/request-record.ts';

export interface TrackRequestOptions {
  readonly active: ActiveRequests;
  readonly log: Log;
  /** Milliseconds that a client may take to read what was written. */
  readonly stallLimit: number;
}

/**
 * Names the request, ties its signal to the client's connection, ends the connection of a client that does not read the
 * whole answer, and reports its begin and its end.
 */
export function trackRequest({ active, log, stallLimit }: TrackRequestOptions): Middleware {
  return async (ctx, next) => {
    const path = (pathOf(ctx.req.url ?? '') ?? '(unreadable)').slice(0, 100);
    const id = createId('req_');
    const record = createRequestRecord(log, id);
    record.note({ method: ctx.method, path });
    log.observe({ type: 'request-begin', id, method: ctx.method, path });
    ctx.state.requestId = id;
    ctx.state.record = record;
    ctx.state.signal = active.add(ctx.res);
    ctx.res.once('prefinish', () => limitStall(ctx.res, stallLimit));
    ctx.set('x-request-id', id);
    ctx.res.once('close', () => {
      // A connection that is used for something else now has had its answer.
      const isAnswered = ctx.res.writableFinished || ctx.respond === false;
      record.endRequest(isAnswered ? ctx.status : CLIENT_GONE, clientName(ctx.get('user-agent')));
    });
    await log.within({ id }, next);
  };
}
