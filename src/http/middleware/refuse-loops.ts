import { GatewayError } from '../../base/errors.ts';
import type { Middleware } from '../requests/context.ts';

/** Ends the endless loop of a gateway that is its own Codex provider: the child names itself in `originator`. */
export function refuseLoops(originator: string): Middleware {
  return async (ctx, next) => {
    if (ctx.get('originator') === originator) {
      throw new GatewayError(
        'loop_detected',
        "This gateway's own Codex called it: the provider in Codex's config.toml points back at a codex-gateway.",
      );
    }
    await next();
  };
}
