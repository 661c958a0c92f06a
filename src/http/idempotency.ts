import { createHash } from 'node:crypto';
import { GatewayError } from '../base/errors.ts';
import type { Context } from './context.ts';

const MAX_LENGTH = 255;

/** By which a request that is sent again is known. */
export interface Idempotency {
  readonly key: string;
  /** Of everything that decides on the answer. */
  readonly fingerprint: string;
}

/** `Idempotency-Key`; undefined for a request that stands for itself alone. */
export function readIdempotency(ctx: Context): Idempotency | undefined {
  const key = ctx.get('idempotency-key');
  if (key === '') return undefined;
  if (key.length > MAX_LENGTH) {
    throw new GatewayError(
      'invalid_value',
      `Invalid header Idempotency-Key: expected at most ${MAX_LENGTH} characters.`,
    );
  }
  const decisive = JSON.stringify([ctx.path, ctx.get('x-codex-gateway-strict'), ctx.request.body]);
  return { key, fingerprint: createHash('sha256').update(decisive).digest('hex') };
}
