import { describe, expect, it } from 'vitest';
import type { KeyedRequest } from '../../../../src/gateway/state/idempotency-keys.ts';
import { readIdempotency } from '../../../../src/http/openai/request/idempotency.ts';
import { serve } from '../../../support/serve.ts';

/** Reads the key of one request. */
async function read(headers: Readonly<Record<string, string>>, path = '/v1/a', body: unknown = { a: 1 }) {
  const keys: unknown[] = [];
  const { origin } = await serve(async (ctx) => {
    ctx.request.body = body;
    keys.push(await readIdempotency(ctx));
    ctx.body = {};
  });
  const { status } = await fetch(`${origin}${path}`, { headers });
  return { status, request: keys[0] as KeyedRequest | undefined };
}

describe('the Idempotency-Key of a request', () => {
  const KEY = { 'idempotency-key': 'one' };

  it('is undefined without the header', async () => {
    expect(await read({})).toEqual({ status: 200, request: undefined });
  });

  it('identifies the route regardless of case, the strictness and the body', async () => {
    const { request } = await read(KEY);
    expect(request!.key).toBe('one');
    expect((await read(KEY, '/V1/A')).request).toEqual(request);
    const others = await Promise.all([
      read(KEY, '/v1/b'),
      read(KEY, '/v1/a', { a: 2 }),
      read({ ...KEY, 'x-codex-gateway-strict': '1' }),
    ]);
    const fingerprints = [request, ...others.map((other) => other.request)].map((one) => one!.fingerprint);
    expect(new Set(fingerprints).size).toBe(4);
  });

  it('has at most 255 characters', async () => {
    expect((await read({ 'idempotency-key': 'k'.repeat(255) })).status).toBe(200);
    expect((await read({ 'idempotency-key': 'k'.repeat(256) })).status).toBe(400);
  });
});
