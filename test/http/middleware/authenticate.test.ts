import { describe, expect, it } from 'vitest';
import type { Scope } from '../../../src/base/scopes.ts';
import { authenticate, type TokenHeaders } from '../../../src/http/middleware/authenticate.ts';
import { createTokenWatch } from '../../../src/http/requests/watch-tokens.ts';
import { fixedTokens } from '../../support/fixed-tokens.ts';
import { serve } from '../../support/serve.ts';

const TOKENS = fixedTokens({ one: 'all', two: { name: 'models', scopes: ['openai'] } });

/** Answers with the caller on the context, and with the header that others may see. */
async function ask(headers: Readonly<Record<string, string>>, scope?: Scope, read?: TokenHeaders) {
  const watch = createTokenWatch(TOKENS);
  const check = authenticate({ tokens: TOKENS, command: 'codex-gateway', watch }, { scope, headers: read });
  const { origin } = await serve(check, (ctx) => {
    ctx.body = { ...ctx.state.caller, foreign: ctx.state.foreignAuthorization };
  });
  const response = await fetch(origin, { headers });
  return { status: response.status, body: (await response.json()) as object };
}

describe('a known token', () => {
  it.each([
    ['all', { authorization: 'Bearer one' }],
    ['all', { authorization: 'bearer  one ' }],
    ['all', { 'api-key': 'one' }],
    ['models', { 'x-api-key': 'two' }],
    ['models', { authorization: 'Bearer two', 'api-key': 'one' }],
  ])('of the name %s is accepted in %j', async (name, headers) => {
    expect(await ask(headers)).toMatchObject({ status: 200, body: { name } });
  });

  it('puts its id, name and scopes on the context, and nothing else', async () => {
    expect((await ask({ authorization: 'Bearer two' })).body).toEqual({
      id: 'id-of-models',
      name: 'models',
      scopes: ['openai'],
    });
  });

  it('is refused outside its scopes', async () => {
    expect((await ask({ authorization: 'Bearer two' }, 'openai')).status).toBe(200);
    expect(await ask({ authorization: 'Bearer one' }, 'metrics')).toMatchObject({ status: 200 });
    expect(await ask({ authorization: 'Bearer two' }, 'metrics')).toMatchObject({
      status: 403,
      body: {
        error: {
          code: 'missing_scope',
          message: expect.stringContaining('Missing scopes: metrics.') as string,
        },
      },
    });
  });
});

it.each([
  ["You didn't provide an API key", {}],
  ["You didn't provide an API key", { authorization: 'Basic one' }],
  ["You didn't provide an API key", { authorization: 'Basic x', 'api-key': 'one' }],
  ['Incorrect API key provided', { authorization: 'Bearer three' }],
  ['Incorrect API key provided', { authorization: 'Bearer on' }],
  ['Incorrect API key provided', { 'api-key': 'One' }],
])('a request without a known token is refused: %s, for %j', async (message, headers) => {
  expect(await ask(headers)).toMatchObject({
    status: 401,
    body: { error: { code: 'invalid_api_key', message: expect.stringContaining(message) as string } },
  });
});

describe('with a token in any header', () => {
  it.each([
    ['Bearer their-own', { 'x-api-key': 'one', authorization: 'Bearer their-own' }],
    [undefined, { 'x-api-key': 'one', authorization: 'Bearer two' }],
    [undefined, { 'x-api-key': 'one', authorization: 'Basic a, Bearer two' }],
  ])('another server sees of the Authorization header %j', async (foreign, headers) => {
    const { status, body } = await ask(headers, undefined, 'any');
    expect([status, (body as { foreign?: string }).foreign]).toEqual([200, foreign]);
  });
});

it('a request whose client has left meanwhile is not watched: nothing would end the watch', async () => {
  const entered = Promise.withResolvers<void>();
  const left = Promise.withResolvers<void>();
  const watched: string[] = [];
  const watch = {
    watch: ({ caller }: { caller: { name: string } }) => (watched.push(caller.name), () => {}),
  };
  const tokens = {
    ...TOKENS,
    async enter() {
      entered.resolve();
      await left.promise;
    },
  };
  const { origin, log } = await serve(
    (ctx, next) => {
      ctx.res.once('close', left.resolve);
      return next();
    },
    authenticate({ tokens, command: 'codex-gateway', watch }),
  );
  const leaving = new AbortController();
  const asking = fetch(origin, { headers: { authorization: 'Bearer two' }, signal: leaving.signal });
  await entered.promise;
  leaving.abort();
  await expect(asking).rejects.toThrow();
  await expect.poll(() => log.lines.length).toBeGreaterThan(0);
  expect(watched).toEqual([]);
});
