import { createId } from '../../base/ids.ts';
import type { Observer } from '../../base/observation.ts';
import { closeWhenStalled } from '../edge/write-text.ts';
import type { ActiveRequests } from '../requests/active-requests.ts';
import { createClientAddress } from '../requests/client-address.ts';
import { isOfPage } from '../requests/console-cookie.ts';
import type { Context, Middleware } from '../requests/context.ts';
import { isLoopbackAddress } from '../requests/loopback.ts';
import { clientName, pathOf } from '../requests/request-head.ts';
import { CLIENT_GONE, createRequestRecord } from '../requests/request-record.ts';
import type { FindSurface } from '../requests/surface.ts';

export interface TrackRequestOptions {
  readonly active: ActiveRequests;
  readonly observer: Observer;
  /** Time for which a client may read nothing after the last byte was written. */
  readonly stallLimitMs: number;
  /** Reverse proxies whose `X-Forwarded-For` names the client. */
  readonly trustedProxies?: readonly string[] | undefined;
  readonly findSurface?: FindSurface | undefined;
}

/** Matches an id that a client may give its request: visible characters of ASCII alone, so that it is safe in every log. */
const CLIENT_ID = /^[!-~]{1,128}$/;

/**
 * Gives the request an id, ties its signal to the client's connection, closes the connection of a client that does not read
 * its answer, and reports the request's beginning and end.
 */
export function trackRequest(options: TrackRequestOptions): Middleware {
  const { active, observer, stallLimitMs } = options;
  const readAddress = createClientAddress(options.trustedProxies);
  return async (ctx, next) => {
    const wholePath = pathOf(ctx.req.url ?? '');
    const path = (wholePath ?? '(unreadable)').slice(0, 100);
    const takesId = options.findSurface?.(wholePath ?? '')?.takesRequestId ?? false;
    const id = readId(takesId, ctx.get('x-request-id'));
    const record = createRequestRecord(observer, id);
    const address = readAddress(ctx.req);
    const scope = { id };
    const request = { method: ctx.method, path, ...(isOfPage(ctx) && { isOfPage: true }) };
    const client = clientOf(ctx);
    record.note({ ...request, ...(!isLoopbackAddress(address) && { address }) });
    observer.within(scope, () => observer.observe({ type: 'request-begin', id, client, ...request }));
    ctx.state.requestId = id;
    ctx.state.clientAddress = address;
    ctx.state.record = record;
    const ending = active.add(ctx.res);
    ctx.state.signal = ending.signal;
    ctx.state.end = (reason) => ending.abort(reason);
    ctx.res.once('prefinish', () => closeWhenStalled(ctx.res, stallLimitMs));
    ctx.set('x-request-id', id);
    ctx.res.once('close', () => {
      // A connection that has become a WebSocket has had its answer.
      const isAnswered = ctx.res.writableFinished || ctx.status === 101;
      const status = isAnswered ? ctx.status : CLIENT_GONE;
      observer.within(scope, () => record.endRequest(status, client));
    });
    await observer.within(scope, next);
  };
}

/** Returns the name of the client's program. */
function clientOf(ctx: Context): string | undefined {
  return isOfPage(ctx) ? 'console' : clientName(ctx.get('user-agent'));
}

function readId(takesId: boolean, given: string): string {
  return takesId && CLIENT_ID.test(given) ? given : createId('req_');
}
