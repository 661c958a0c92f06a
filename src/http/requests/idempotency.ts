import { GatewayError } from '../../base/errors.ts';
import type { KeyedRequest } from '../../gateway/state/idempotency-keys.ts';
import type { Context } from './context.ts';
import { fingerprint } from './fingerprint.ts';

const MAX_LENGTH = 255;

/** Reads `Idempotency-Key`; resolves to undefined for a request that stands for itself alone. */
export async function readIdempotency(ctx: Context): Promise<KeyedRequest | undefined> {
  const key = ctx.get('idempotency-key');
  if (key === '') return undefined;
  if (key.length > MAX_LENGTH) {
    throw new GatewayError(
      'invalid_value',
      `Invalid header Idempotency-Key: expected at most ${MAX_LENGTH} characters.`,
    );
  }
  // Other spellings of a route are canonical by now, and the router takes letters of either case.
  const route = ctx.path.toLowerCase();
  return {
    key,
    fingerprint: await fingerprint([route, ctx.get('x-codex-gateway-strict'), ctx.request.body]),
  };
}
