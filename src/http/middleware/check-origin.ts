import { GatewayError } from '../../base/errors.ts';
import { excerpt } from '../../base/excerpt.ts';
import type { Middleware } from '../requests/context.ts';
import type { JudgeOrigin } from '../requests/origin-rules.ts';

/**
 * Refuses web pages of other hosts, which a browser would allow to open a WebSocket, and to send some requests, to this
 * machine. Programs other than browsers send no origin, or one with a scheme of their own (`tauri://localhost`).
 */
export function checkOrigin(judge: JudgeOrigin): Middleware {
  return async (ctx, next) => {
    const origin = ctx.get('origin');
    if (judge(origin) === 'refused') throw forbiddenOrigin(origin);
    await next();
  };
}

export function forbiddenOrigin(origin: string): GatewayError {
  return new GatewayError(
    'forbidden_origin',
    `Web pages of other hosts cannot call the gateway, and the Origin of this request is ${excerpt(origin)}. List it in the setting 'allowedOrigins', or call the gateway from the page's own server.`,
    { logMessage: "A request from a web page of another host was refused; see 'allowedOrigins'." },
  );
}
