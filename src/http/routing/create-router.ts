import { createRequire } from 'node:module';
import type Router from '@koa/router';
import type { RequestState } from '../requests/context.ts';

// As a CommonJS module, since the other form of the package imports Node's HTTP module (see ../sockets/node-http.ts).
const KoaRouter = createRequire(import.meta.url)('@koa/router') as typeof Router;

export function createRouter(): Router<RequestState> {
  return new KoaRouter<RequestState>();
}
