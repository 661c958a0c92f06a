import type { ErrorCode } from '../../base/errors.ts';
import type { Middleware } from '../requests/context.ts';
import type { Route } from '../routing/route-group.ts';

/** A reason why a gateway cannot serve requests at the moment. */
export type UnreadyReason = 'starting' | 'codex' | 'login' | 'store' | 'draining';

/** Resolves to every reason why the gateway cannot serve requests; to none if it can. */
export type ReadReadiness = () => Promise<readonly UnreadyReason[]>;

/** Answers that the process lives. */
export const showHealth: Middleware = (ctx) => {
  ctx.body = { status: 'ok', service: 'codex-gateway' };
};

/** Codes of the errors that other requests get meanwhile. */
const OUTCOMES: Readonly<Record<UnreadyReason, ErrorCode>> = {
  starting: 'codex_unavailable',
  codex: 'codex_unavailable',
  login: 'codex_not_signed_in',
  store: 'storage_failed',
  draining: 'shutting_down',
};

/** Path of the readiness, as the metrics name it. */
export const READINESS_ROUTE = '/readyz';

/** Path of the health, as the metrics name it. */
export const HEALTH_ROUTE = '/healthz';

/** Creates the handler that says whether the gateway can serve requests. */
export function showReadiness(readiness: ReadReadiness): Middleware {
  return async (ctx) => {
    const why = await readiness();
    ctx.set('cache-control', 'no-store');
    if (why[0] !== undefined) {
      ctx.status = 503;
      ctx.state.record.note({ outcome: OUTCOMES[why[0]] });
    }
    ctx.body = why.length > 0 ? { ready: false, why } : { ready: true };
  };
}

/** Returns the routes by which other programs watch the gateway, for which they need no token. */
export function createProbes(readiness: ReadReadiness): Route[] {
  return [
    { method: 'get', path: HEALTH_ROUTE, isPublic: true, handlers: [showHealth] },
    { method: 'get', path: READINESS_ROUTE, isPublic: true, handlers: [showReadiness(readiness)] },
  ];
}
