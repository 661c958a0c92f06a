import type { ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** Bytes of an answer as another server sends them. */
export interface ByteAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Readable;
}

/** Sends an answer unchanged, as its bytes arrive; rejects if the connection to either side breaks. */
export async function sendBytes(
  response: ServerResponse,
  { status, headers, body }: ByteAnswer,
  signal: AbortSignal,
): Promise<void> {
  response.writeHead(status, headers);
  response.flushHeaders();
  await pipeline(body, response, { signal });
}
