import type { KeyedRequest } from '../../../gateway/state/idempotency-keys.ts';
import type { Context } from '../../requests/context.ts';
import { fingerprint } from '../../requests/fingerprint.ts';
import { readIdempotencyKey } from '../../requests/idempotency-key.ts';

/** Reads the `Idempotency-Key` header; resolves to undefined for a request without one. */
export async function readIdempotency(ctx: Context): Promise<KeyedRequest | undefined> {
  const key = readIdempotencyKey(ctx);
  if (key === undefined) return undefined;
  // The path is in the spelling of the routes by now, but the router accepts letters of either case.
  const route = ctx.path.toLowerCase();
  return {
    key,
    fingerprint: await fingerprint([route, ctx.get('x-codex-gateway-strict'), ctx.request.body]),
  };
}
