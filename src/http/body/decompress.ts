import type { Transform } from 'node:stream';
import * as zlib from 'node:zlib';
import { GatewayError } from '../../base/errors.ts';

type Create = () => Transform;

/** Supported content codings. */
const CODINGS: Readonly<Record<string, Create>> = {
  gzip: zlib.createGunzip,
  'x-gzip': zlib.createGunzip,
  br: zlib.createBrotliDecompress,
  zstd: zlib.createZstdDecompress,
};

/** Returns the decompressor for a Content-Encoding, undefined if there is none; throws a `GatewayError` for an unknown one. */
export function decompressorFor(header: string): ((firstByte: number) => Transform) | undefined {
  const codings = header
    .toLowerCase()
    .split(',')
    .map((coding) => coding.trim())
    .filter((coding) => coding !== '' && coding !== 'identity');
  const [coding] = codings;
  if (coding === undefined) return undefined;
  if (codings.length === 1 && coding === 'deflate') return createInflate;
  const create = Object.hasOwn(CODINGS, coding) ? CODINGS[coding] : undefined;
  if (codings.length === 1 && create) return () => create();
  throw new GatewayError(
    'unsupported_encoding',
    'The Content-Encoding of the request is not supported; send the body with one of gzip, deflate, br or zstd, or uncompressed.',
  );
}

/** Passes the decompressed chunks to `take`; rejects with what `take` throws, or with a `GatewayError` for corrupt data. */
export async function decompress(
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

/** Creates an inflate stream: some clients send raw deflate data as `deflate`, which does not begin like zlib's format. */
function createInflate(firstByte: number): Transform {
  return (firstByte & 0x0f) === 8 ? zlib.createInflate() : zlib.createInflateRaw();
}

function corrupt(cause: unknown): GatewayError {
  return new GatewayError(
    'invalid_json',
    'We could not decompress the body of your request as its Content-Encoding says.',
    { cause },
  );
}
