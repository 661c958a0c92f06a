import Koa from 'koa';
import { createActiveRequests } from '../../src/http/requests/active-requests.ts';
import type { Middleware, RequestState } from '../../src/http/requests/context.ts';
import { reportErrors } from '../../src/http/middleware/report-errors.ts';
import { trackRequest } from '../../src/http/middleware/track-request.ts';
import { encodeError } from '../../src/openai/vocabulary/error-body.ts';
import { createMemoryLog, type MemoryLog } from './memory-log.ts';
import { startHttpServer } from './start-http-server.ts';

/** A server with the middleware by which every request gets its state, and its errors their shape. */
export interface Served {
  /** `http://127.0.0.1:…` */
  readonly origin: string;
  /** Has a line for each request that has ended. */
  readonly log: MemoryLog;
}

/** Serves middleware on a free port until the running test ends. */
export async function serve(...middleware: readonly Middleware[]): Promise<Served> {
  const log = createMemoryLog();
  const app = new Koa<RequestState>();
  app.on('error', () => {});
  app.use(trackRequest({ active: createActiveRequests(), observer: log, stallLimitMs: 60_000 }));
  app.use(reportErrors(encodeError));
  for (const one of middleware) app.use(one);
  const { origin } = await startHttpServer(app.callback());
  return { origin, log };
}
