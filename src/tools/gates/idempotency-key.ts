import { GatewayError } from '../../base/errors.ts';

const MAX_CHARACTERS = 255;

/** Returns an idempotency key without its quotation marks. Throws a `GatewayError` for one that cannot be used. */
export function parseIdempotencyKey(given: string | undefined): string | undefined {
  if (given === undefined) return undefined;
  const key = unquote(given);
  if (key.length >= 1 && key.length <= MAX_CHARACTERS) return key;
  throw new GatewayError(
    'invalid_value',
    `An idempotency key has 1 to ${MAX_CHARACTERS} characters; this one has ${key.length}.`,
  );
}

/** Reads a string of structured fields (RFC 9651); any other text stands for itself. */
function unquote(text: string): string {
  const quoted = /^"((?:[^"\\]|\\["\\])*)"$/.exec(text)?.[1];
  return quoted === undefined ? text : quoted.replaceAll(/\\(["\\])/g, '$1');
}
