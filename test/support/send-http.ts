import { request, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http';
import { buffer } from 'node:stream/consumers';

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
  readonly text: string;
}

export interface HttpInit {
  readonly method?: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string | Uint8Array | undefined;
}

/**
 * Sends a request with Node's own client, which adds next to nothing to it and decodes nothing of the answer. Rejects if
 * the answer breaks off.
 */
export async function sendHttp(
  url: string,
  { method = 'GET', headers = {}, body }: HttpInit = {},
): Promise<HttpAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<HttpAnswer>();
  const sent = request(url, { method, headers, agent: false }, (response) => {
    buffer(response).then((bytes) => {
      const { statusCode: status = 0, headers: received } = response;
      resolve({ status, headers: received, bytes, text: bytes.toString() });
    }, reject);
  });
  sent.once('error', reject);
  sent.end(body);
  return await promise;
}
