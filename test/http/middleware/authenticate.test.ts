import { describe, expect, it } from 'vitest';
import { authenticate, createAccessToken } from '../../../src/http/middleware/authenticate.ts';
import type { Scope } from '../../../src/http/requests/context.ts';
import { serve } from '../../support/serve.ts';

const TOKENS = [
  createAccessToken('all', 'one', ['openai', 'operations']),
  createAccessToken('models', 'two', ['openai']),
];

/** Answers with the caller on the context. */
async function ask(headers: Readonly<Record<string, string>>, scope?: Scope) {
  const { origin } = await serve(authenticate({ tokens: TOKENS, command: 'codex-gateway' }, scope), (ctx) => {
    ctx.body = { ...ctx.state.caller };
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

  it('puts its name and scopes on the context, and nothing else', async () => {
    expect((await ask({ authorization: 'Bearer two' })).body).toEqual({ name: 'models', scopes: ['openai'] });
  });

  it('is refused outside its scopes', async () => {
    expect((await ask({ authorization: 'Bearer two' }, 'openai')).status).toBe(200);
    expect(await ask({ authorization: 'Bearer one' }, 'operations')).toMatchObject({ status: 200 });
    expect(await ask({ authorization: 'Bearer two' }, 'operations')).toMatchObject({
      status: 403,
      body: {
        error: {
          code: 'missing_scope',
          message: expect.stringContaining('Missing scopes: operations.') as string,
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

it('the entry of a token does not contain the token', () => {
  expect(JSON.stringify(createAccessToken('a', 'secret-token', []))).not.toContain('secret-token');
});
