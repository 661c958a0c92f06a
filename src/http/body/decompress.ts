import type { Transform } from 'node:stream';
import * as zlib from 'node:zlib';
import { GatewayError } from '../../base/errors.ts';

type Create = () => Transform;

/** Content codings of requests, as far as this Node has them: zstd came with 22.15. */
const CODINGS: Readonly<Record<string, Create | undefined>> = {
  gzip: zlib.createGunzip,
  'x-gzip': zlib.createGunzip,
  br: zlib.createBrotliDecompress,
  zstd: 'createZstdDecompress' in zlib ? zlib.createZstdDecompress : undefined,
};

/** Returns what undoes a Content-Encoding, or undefined where there is none; throws a `GatewayError` for an unknown one. */
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

/** Some clients send raw deflate data under that name, which does not begin like zlib's. */
function createInflate(firstByte: number): Transform {
  return (firstByte & 0x0f) === 8 ? zlib.createInflate() : zlib.createInflateRaw();
}
