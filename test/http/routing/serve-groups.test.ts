import { expect, it } from 'vitest';
import { parseJsonBody } from '../../../src/app/worker/parse-json-body.ts';
import { createByteBudget } from '../../../src/http/body/byte-budget.ts';
import type { Middleware } from '../../../src/http/requests/context.ts';
import type { RouteGroup } from '../../../src/http/routing/route-group.ts';
import { serveGroups } from '../../../src/http/routing/serve-groups.ts';
import { encodeError } from '../../../src/openai/vocabulary/error-body.ts';
import { fixedTokens } from '../../support/fixed-tokens.ts';
import { serve } from '../../support/serve.ts';

const show: Middleware = (ctx) => {
  ctx.body = {
    path: ctx.path,
    deployment: ctx.state.deployment,
    body: ctx.request.body,
    bytes: ctx.request.rawBody?.size,
  };
};

const OPERATIONS: RouteGroup = {
  name: 'operations',
  scope: 'metrics',
  resolve: (path) => (path.startsWith('/own') ? { path } : undefined),
  // An error shape of its own.
  encodeError: (error) => ({ ...encodeError(error), body: { problem: 'own' } }),
  routes: [
    { method: 'get', path: '/own/open', isPublic: true, handlers: [show] },
    { method: 'get', path: '/own', handlers: [show] },
    { method: 'post', path: '/own', body: 'parsed-and-raw', handlers: [show] },
  ],
};

const OPENAI: RouteGroup = {
  name: 'openai',
  scope: 'openai',
  resolve: (path) =>
    path.startsWith('/strange')
      ? { path: '/v1/a', deployment: 'one' }
      : path.startsWith('/v1')
        ? { path }
        : undefined,
  encodeError,
  explainMissing: (path) => (path === '/v1/absent' ? 'There is none.' : undefined),
  routes: [
    { method: 'get', path: '/v1/a', handlers: [show] },
    { method: 'post', path: '/v1/a', body: 'parsed', handlers: [show] },
  ],
};

async function ask(path: string, { token = 'all', ...init }: RequestInit & { token?: string } = {}) {
  const tokens = fixedTokens({ all: 'all', one: { name: 'one', scopes: ['openai'] } });
  const { origin } = await serve(
    serveGroups([OPERATIONS, OPENAI], {
      tokens,
      command: 'codex-gateway',
      bodyLimitBytes: 1000,
      bodyBudget: createByteBudget(1000),
      parseBody: async (body) => parseJsonBody(body),
    }),
  );
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const response = await fetch(`${origin}${path}`, { headers, ...init });
  return {
    status: response.status,
    allow: response.headers.get('allow'),
    body: await response.json(),
  };
}

const messageOf = (answer: { body: unknown }) =>
  (answer.body as { error: { message: string } }).error.message;

it('a request reaches the group that its path belongs to, under the resolved path', async () => {
  expect((await ask('/own')).body).toEqual({ path: '/own' });
  expect((await ask('/strange/spelling')).body).toEqual({ path: '/v1/a', deployment: 'one' });
});

it('a route gets its body in the form that it asks for', async () => {
  const init = { method: 'POST', body: '{"a":1}' };
  expect((await ask('/v1/a', init)).body).toEqual({ path: '/v1/a', body: { a: 1 } });
  expect((await ask('/own', init)).body).toEqual({ path: '/own', body: { a: 1 }, bytes: 7 });
});

it('only a public route is answered without a token', async () => {
  expect((await ask('/own/open', { token: '' })).status).toBe(200);
  for (const path of ['/own', '/own/open/more', '/v1/a', '/elsewhere']) {
    expect((await ask(path, { token: '' })).status).toBe(401);
  }
  expect((await ask('/own/open', { token: '', method: 'POST' })).status).toBe(401);
});

it('a token reaches only the groups of its scopes', async () => {
  expect((await ask('/v1/a', { token: 'one' })).status).toBe(200);
  expect((await ask('/own', { token: 'one' })).status).toBe(403);
  expect((await ask('/own/open', { token: 'one' })).status).toBe(200);
});

it('an error has the shape of the group', async () => {
  expect((await ask('/own', { token: 'wrong' })).body).toEqual({ problem: 'own' });
  expect((await ask('/own/missing')).body).toEqual({ problem: 'own' });
  expect(messageOf(await ask('/v1/a', { token: 'wrong' }))).toContain('Incorrect API key');
});

it('a path without a route is a 404 that the group may explain', async () => {
  expect(messageOf(await ask('/v1/absent'))).toContain('Unknown request URL: GET /v1/absent. There is none.');
  expect(messageOf(await ask('/v1/other'))).toContain('Unknown request URL: GET /v1/other. The page');
  const elsewhere = await ask('/elsewhere');
  expect([elsewhere.status, messageOf(elsewhere)]).toEqual([
    404,
    expect.stringContaining('GET /elsewhere. The page'),
  ]);
});

it('another method of a route is a 405 with the allowed ones', async () => {
  expect(await ask('/strange', { method: 'DELETE' })).toMatchObject({
    status: 405,
    allow: 'HEAD, GET, POST',
  });
  expect(await ask('/own/open', { method: 'POST' })).toMatchObject({ status: 405, allow: 'HEAD, GET' });
});
