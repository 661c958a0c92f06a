import { GatewayError } from '../../base/errors.ts';
import { excerpt } from '../../base/excerpt.ts';
import { withoutBrackets } from '../../base/network.ts';
import type { Middleware } from '../requests/context.ts';
import { isLoopbackAddress } from '../requests/loopback.ts';

/**
 * Refuses web pages of other hosts, which a browser would allow to open a WebSocket, and to send some requests, to this
 * machine. Programs other than browsers send no origin, or one with a scheme of their own (`tauri://localhost`).
 *
 * The Host header may name any host, because clients behind a tunnel send the tunnel's name. A page whose own host name
 * resolves to this machine has no token.
 * @param isOpen True for a server without a token. It is stricter: the Host has to be this machine, since a page whose own
 *   host name resolves to it needs no Origin to read an answer. The origin `null` is refused, which any web page can have by a
 *   frame in a sandbox.
 */
export function checkOrigin(isOpen = false): Middleware {
  return async (ctx, next) => {
    if (!isHost(ctx.get('host'))) {
      throw new GatewayError('invalid_url', 'The Host header of the request cannot be read.');
    }
    if (isOpen && !isLocal(ctx.get('host'))) {
      throw new GatewayError(
        'forbidden_origin',
        'A server without a token answers only at localhost or a loopback address, which the Host header of this request does not name. Start it with a token to use another name.',
        { logMessage: 'A request for another Host was refused, because the server has no token.' },
      );
    }
    const origin = ctx.get('origin');
    if (isForeign(origin) || (isOpen && origin === 'null')) {
      throw new GatewayError(
        'forbidden_origin',
        `Web pages of other hosts cannot call the gateway, and the Origin of this request is ${excerpt(origin)}. Call it from the page's own server, or from a program that sends no Origin.`,
        { logMessage: 'A request from a web page of another host was refused.' },
      );
    }
    await next();
  };
}

/** Accepts an empty text, too: HTTP/1.0 has no Host header. */
function isHost(text: string): boolean {
  return text === '' || (/^[^\s/?#@\\]+$/.test(text) && URL.canParse(`http://${text}`));
}

function isForeign(origin: string): boolean {
  if (!/^https?:/i.test(origin)) return false;
  return !isThisMachine(URL.parse(origin)?.hostname ?? '');
}

function isLocal(host: string): boolean {
  return host === '' || isThisMachine(URL.parse(`http://${host}`)?.hostname ?? '');
}

function isThisMachine(hostname: string): boolean {
  return /(?:^|\.)localhost$/.test(hostname) || isLoopbackAddress(withoutBrackets(hostname));
}
