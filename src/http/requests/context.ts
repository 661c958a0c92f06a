import type { RequestRecord } from './request-record.ts';
import type { Middleware as KoaMiddleware, ParameterizedContext } from 'koa';

/** What the middleware keeps for the routes. */
export interface State {
  /** Also the response header `x-request-id`. */
  requestId: string;
  /** For the request's line in the log. */
  record: RequestRecord;
  /** Aborts when the client is gone or the server gives up on it. */
  signal: AbortSignal;
  /** The model that the path names, as Azure's paths do. */
  deployment: string | undefined;
}

declare module 'koa' {
  interface Request {
    /** The parsed body; undefined where none came. */
    body?: unknown;
  }
}

export type Context = ParameterizedContext<State>;
export type Middleware = KoaMiddleware<State>;
