import { describe, expect, it } from 'vitest';
import { serveSessions } from '../../support/serve-sessions.ts';

const ROUTES = [
  ['GET', '/health'],
  ['GET', '/runtime/info'],
  ['GET', '/runtime/config'],
  ['POST', '/runtime/config'],
  ['GET', '/auth/device'],
  ['GET', '/auth/status'],
  ['POST', '/chat/sessions'],
  ['GET', '/chat/sessions'],
  ['DELETE', '/chat/sessions'],
  ['GET', '/chat/threads'],
  ['DELETE', '/chat/sessions/1'],
  ['DELETE', '/chat/sessions/1/messages/1'],
  ...['interrupt', 'cancel', 'steer', 'fork', 'review', 'compact', 'undo'].map(
    (name) => ['POST', `/chat/sessions/1/${name}`] as const,
  ),
  ['GET', '/chat/sessions/1/plan'],
  ['GET', '/chat/sessions/1/diff'],
  ['GET', '/chat/sessions/1'],
  ['GET', '/chat/sessions/1/stream'],
  ['POST', '/chat/sessions/1/messages'],
  ['POST', '/chat/sessions/1/approvals'],
] as const;

describe('every route of agent sessions', () => {
  it('is a 404 that says how to switch them on, while they are off', async () => {
    const { ask } = await serveSessions({ isOff: true });
    for (const [method, path] of ROUTES) {
      const { status, body } = await ask(path, { method });
      expect([method, path, status]).toEqual([method, path, 404]);
      expect(body).toEqual({ ok: false, error: expect.stringMatching(/"roots".*--workspace/) });
    }
  });

  it('needs a token with the scope sessions, and refuses in the shape of /v1', async () => {
    const { ask, engine } = await serveSessions();
    for (const [method, path] of ROUTES) {
      const missing = await ask(path, { method, token: '' });
      expect([path, missing.status, missing.body.error.code]).toEqual([path, 401, 'invalid_api_key']);
      const wrong = await ask(path, { method, token: 'a-wrong-token' });
      expect([path, wrong.status, wrong.body.error.code]).toEqual([path, 401, 'invalid_api_key']);
      const narrow = await ask(path, { method, token: 'openai' });
      expect([path, narrow.status, narrow.body.error.code]).toEqual([path, 403, 'missing_scope']);
      expect(narrow.body.error.message).toContain('sessions');
    }
    expect(engine.isStarted()).toBe(false);
  });

  it('that changes something or signs in is refused to a browser that may only look', async () => {
    const { ask, engine } = await serveSessions();
    const isChange = ([method, path]: readonly [string, string]) =>
      method !== 'GET' || path === '/auth/device';
    for (const [method, path] of ROUTES.filter(isChange)) {
      const refused = await ask(path, { method, token: 'reader' });
      expect([path, refused.status, refused.body.error.code]).toEqual([path, 403, 'read_only']);
    }
    expect(engine.isStarted()).toBe(false);
  });

  it('refuses a page of another host, and a host name that is not this machine', async () => {
    const { ask, engine } = await serveSessions();
    for (const [method, path] of ROUTES) {
      const page = await ask(path, { method, headers: { origin: 'https://evil.example' } });
      expect([path, page.status, page.body.error.code]).toEqual([path, 403, 'forbidden_origin']);
    }
    expect(engine.isStarted()).toBe(false);
  });

  it('refuses a body that is too large', async () => {
    const { ask, engine, create } = await serveSessions({ bodyLimitBytes: 1000 });
    const { id } = await create();
    const message = 'x'.repeat(2000);
    const { status, body } = await ask(`/chat/sessions/${id}/messages`, { body: { message } });
    expect([status, body.error.code]).toEqual([413, 'request_too_large']);
    expect(engine.isStarted()).toBe(false);
  });
});

it.each(['/cms/generate/add-page', '/cms/thinking', '/runtime/tools', '/chat/sessions/1/2/3'])(
  '%s is a 404 in the shape of these routes',
  async (path) => {
    const { ask } = await serveSessions();
    const { status, body } = await ask(path);
    expect([status, body.ok]).toEqual([404, false]);
  },
);

it('a wrong method is a 405 that names the right ones', async () => {
  const { ask } = await serveSessions();
  const { status, headers, body } = await ask('/chat/sessions/1/approvals', { method: 'GET' });
  expect([status, headers.get('allow')]).toEqual([405, 'POST']);
  expect(body).toEqual({ ok: false, error: expect.stringContaining('POST') });
});

it('doubled and trailing slashes make no difference', async () => {
  const { ask } = await serveSessions();
  expect((await ask('/chat//sessions/', { method: 'POST' })).status).toBe(201);
});
