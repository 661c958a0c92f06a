import type { Middleware } from '../requests/context.ts';

/** `GET /healthz`: the gateway is up and takes requests; needs no token. */
export function healthz(): Middleware {
  return (ctx) => {
    ctx.body = { status: 'ok', service: 'codex-gateway' };
  };
}
