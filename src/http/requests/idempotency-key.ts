import { GatewayError } from '../../base/errors.ts';
import type { Context } from './context.ts';

/** Maximum characters of a key. */
const MAX_LENGTH = 255;

/** Returns the `Idempotency-Key` header; undefined for a request without one. Throws for one that is too long. */
export function readIdempotencyKey(ctx: Context): string | undefined {
  const key = ctx.get('idempotency-key');
  if (key.length <= MAX_LENGTH) return key === '' ? undefined : key;
  throw new GatewayError(
    'invalid_value',
    `Invalid header Idempotency-Key: expected at most ${MAX_LENGTH} characters.`,
  );
}
