import type { IncomingMessage } from 'node:http';
import type { Transform } from 'node:stream';
import { GatewayError } from '../../base/errors.ts';
import { requestBody } from '../sockets/answer-odd-requests.ts';
import type { HeldBytes } from './byte-budget.ts';
import { ByteBlocks } from './byte-blocks.ts';

/** Bytes taken from one body before everything else has its turn: several large bodies may arrive together. */
const SLICE = 256 * 1024;

export interface CollectOptions {
  /** Maximum bytes of a body, as they arrive and decompressed. */
  readonly limit: number;
  readonly held: HeldBytes;
  /** Makes the stream that undoes the compression, by the first byte. */
  readonly decompressor: ((firstByte: number) => Transform) | undefined;
}

/**
 * Reads a body to its end. Rejects with a `GatewayError` as soon as it is too large; what is still coming is then dropped,
 * so that the client gets to read the answer.
 */
export async function collectBody(request: IncomingMessage, options: CollectOptions): Promise<ByteBlocks> {
  const { limit, held, decompressor } = options;
  const blocks = new ByteBlocks();
  const take = (chunk: Uint8Array) => {
    if (blocks.size + chunk.length > limit) throw tooLarge(limit);
    held.add(chunk.length);
    blocks.add(chunk);
  };
  if (Number(request.headers['content-length'] ?? 0) > limit) {
    request.resume();
    throw tooLarge(limit);
  }
  requestBody(request);
  // Reports what ends the connection; the iterator alone would leave it unheard once it is left.
  request.on('error', () => {});
  try {
    const chunks = inSlices(request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>);
    if (decompressor) await decompress(chunks, decompressor, take);
    else for await (const chunk of chunks) take(chunk);
  } catch (error) {
    request.resume();
    throw error;
  }
  return blocks;
}

/** Node goes on reading from one socket, up to megabytes, for as long as its chunks are consumed at once. */
async function* inSlices(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of chunks) {
    yield chunk;
    bytes += chunk.length;
    if (bytes < SLICE) continue;
    bytes = 0;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function decompress(
  chunks: AsyncIterable<Buffer>,
  create: (firstByte: number) => Transform,
  take: (chunk: Uint8Array) => void,
): Promise<void> {
  let stream: Transform | undefined;
  let problem: unknown;
  const ended = Promise.withResolvers<void>();
  const fail = (error: unknown) => {
    problem ??= error;
    ended.resolve();
  };
  const start = (firstByte: number) => {
    const started = create(firstByte);
    started.on('data', (piece: Buffer) => {
      if (problem !== undefined) return;
      try {
        take(piece);
      } catch (error) {
        fail(error);
        started.destroy();
      }
    });
    started.once('end', () => ended.resolve());
    started.once('error', (cause) => fail(corrupt(cause)));
    return started;
  };
  try {
    for await (const chunk of chunks) {
      if (chunk.length === 0) continue;
      stream ??= start(chunk[0]!);
      const written = Promise.withResolvers<void>();
      stream.write(chunk, () => written.resolve());
      await Promise.race([written.promise, ended.promise]);
      if (problem !== undefined) throw problem;
    }
    if (stream === undefined) return;
    stream.end();
    await ended.promise;
    if (problem !== undefined) throw problem;
  } finally {
    stream?.destroy();
  }
}

function corrupt(cause: unknown): GatewayError {
  return new GatewayError(
    'invalid_json',
    'We could not decompress the body of your request as its Content-Encoding says.',
    { cause },
  );
}

function tooLarge(limit: number): GatewayError {
  return new GatewayError('request_too_large', `The request body is over the limit of ${limit} bytes.`);
}
