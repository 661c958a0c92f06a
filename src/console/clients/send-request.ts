import { request, type IncomingHttpHeaders } from 'node:http';

/** The way to this gateway itself. */
export interface OwnAddress {
  readonly address: string;
  readonly port: number;
}

export interface OwnRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface OwnAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** Milliseconds until it was complete. */
  readonly ms: number;
}

/** Maximum bytes of an answer that are kept. */
const MAX_BYTES = 1024 * 1024;

/** Sends a request to this gateway, as any program on this machine could. Rejects if it breaks off, or the signal aborts. */
export async function sendToSelf(
  { address, port }: OwnAddress,
  { path, headers, body }: OwnRequest,
  signal: AbortSignal,
): Promise<OwnAnswer> {
  const startedAt = performance.now();
  const { promise, resolve, reject } = Promise.withResolvers<OwnAnswer>();
  const sent = request(
    {
      host: address,
      port,
      path,
      method: 'POST',
      agent: false,
      signal,
      headers: { ...headers, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
    },
    (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes <= MAX_BYTES) chunks.push(chunk);
      });
      response.once('error', reject);
      response.once('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text: Buffer.concat(chunks).toString(),
          ms: Math.round(performance.now() - startedAt),
        }),
      );
    },
  );
  sent.once('error', reject);
  sent.end(body);
  return await promise;
}
