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
    const { isOpen } = ctx.state;
    const origin = ctx.get('origin');
    if (judge(origin, isOpen) === 'refused') throw forbiddenOrigin(origin, isOpen);
    await next();
  };
}

export function forbiddenOrigin(origin: string, isOpen: boolean): GatewayError {
  if (isOpen) {
    return new GatewayError(
      'forbidden_origin',
      `Web pages cannot call a server without a token, and the Origin of this request is ${excerpt(origin)}. Start the server with a token to call it from a page.`,
      { logMessage: 'A request from a web page was refused, because this server asks for no token.' },
    );
  }
  return new GatewayError(
    'forbidden_origin',
    `Web pages of other hosts cannot call the gateway, and the Origin of this request is ${excerpt(origin)}. List it in the setting 'allowedOrigins', or call the gateway from the page's own server.`,
    { logMessage: "A request from a web page of another host was refused; see 'allowedOrigins'." },
  );
}
