import { GatewayError } from '../../base/errors.ts';
import { countStructure } from './count-structure.ts';

/** Names of UTF-8 and of its subset US-ASCII, which TextDecoder would take for Windows-1252. */
const UTF8 = ['', 'utf-8', 'utf8', 'us-ascii', 'ascii'];

/** Returns the charset of a Content-Type header as `parseBody` expects it; throws a `GatewayError` for an unknown one. */
export function checkCharset(charset: string): string {
  const name = charset.toLowerCase();
  if (UTF8.includes(name)) return 'utf-8';
  try {
    return new TextDecoder(name).encoding;
  } catch {
    throw new GatewayError(
      'unsupported_encoding',
      'The charset that the Content-Type header names is not supported; send the body as UTF-8.',
    );
  }
}

/** Returns the JSON value of a body; throws a `GatewayError` for one that cannot be decoded, or has too many values. */
export function parseBody(bytes: Uint8Array, charset: string): unknown {
  const isUtf8 = charset === 'utf-8';
  if (isUtf8) countStructure(bytes);
  const text = decode(bytes, charset);
  if (!isUtf8) countStructure(new TextEncoder().encode(text));
  // A client may announce a body and send an empty one.
  if (text === '') return {};
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw invalidJson(cause);
  }
}

/** Throws a `GatewayError` for a body that is not valid UTF-8, or has too many values. */
export function checkBody(bytes: Uint8Array): void {
  countStructure(bytes);
  decode(bytes, 'utf-8');
}

export function invalidJson(cause: unknown): GatewayError {
  return new GatewayError('invalid_json', 'We could not parse the JSON body of your request.', { cause });
}

function decode(bytes: Uint8Array, charset: string): string {
  try {
    return new TextDecoder(charset, { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new GatewayError(
      'invalid_json',
      charset === 'utf-8'
        ? 'We could not parse the JSON body of your request: it is not valid UTF-8. Send UTF-8, or name its charset in the Content-Type header.'
        : `We could not parse the JSON body of your request: it is not valid ${charset}, the charset in its Content-Type header.`,
      { cause },
    );
  }
}
