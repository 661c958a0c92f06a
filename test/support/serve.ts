import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Koa from 'koa';
import { onTestFinished } from 'vitest';
import { createActiveRequests } from '../../src/http/requests/active-requests.ts';
import type { Middleware, RequestState } from '../../src/http/requests/context.ts';
import { reportErrors } from '../../src/http/middleware/report-errors.ts';
import { trackRequest } from '../../src/http/middleware/track-request.ts';
import { encodeError } from '../../src/openai/vocabulary/error-body.ts';
import { createMemoryLog, type MemoryLog } from './memory-log.ts';

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
  const handle = app.callback();
  const server = createServer((request, response) => void handle(request, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  });
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, log };
}
