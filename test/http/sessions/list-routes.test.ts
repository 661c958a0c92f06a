import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { serveSessions } from '../../support/serve-sessions.ts';

describe('GET /chat/sessions', () => {
  it('lists the sessions of the caller in pages, the last updated one first', async () => {
    const { ask, root, create } = await serveSessions();
    const ids: string[] = [];
    for (const name of ['one', 'two', 'three'])
      ids.unshift((await create({ context: { context_name: name } })).id);
    expect((await ask('/chat/sessions', { token: 'other' })).body).toEqual({
      ok: true,
      sessions: [],
      next: null,
    });
    const first = await ask('/chat/sessions?limit=2');
    expect(first.status).toBe(200);
    expect(first.body.sessions[0]).toEqual({
      id: ids[0],
      thread_id: null,
      status: 'idle',
      title: 'three',
      workspace_root: root,
      created_at: expect.any(Number),
      updated_at: expect.any(Number),
      pending: 0,
    });
    const second = await ask(`/chat/sessions?limit=2&after=${first.body.next}`);
    expect(second.body.next).toBeNull();
    const listed = [...first.body.sessions, ...second.body.sessions].map(({ id }: { id: string }) => id);
    expect(listed).toEqual(ids);
  });

  it('filters, and refuses a filter that it does not know the value of', async () => {
    const { ask, root, create } = await serveSessions();
    const site = await create({ workspace_root: join(root, 'site'), mode: 'entity' });
    const { id } = await create();
    await ask(`/chat/sessions/${id}/messages`, { body: { message: 'a' } });
    const list = async (query: string) =>
      (await ask(`/chat/sessions?${query}`)).body.sessions.map((session: { id: string }) => session.id);
    expect(await list('status=idle')).toEqual([site.id]);
    expect(await list('status=running')).toEqual([id]);
    expect(await list(`workspace_root=${encodeURIComponent(join(root, 'site'))}`)).toEqual([site.id]);
    expect(await list(`workspace_root=${encodeURIComponent(`${root}/./site/`)}`)).toEqual([site.id]);
    expect(await list('mode=entity')).toEqual([site.id]);
    for (const query of ['status=busy', 'limit=0', 'limit=101', 'after=x'])
      expect(await ask(`/chat/sessions?${query}`)).toMatchObject({ status: 400, body: { ok: false } });
  });
});

describe('GET /chat/sessions/:id/messages', () => {
  it('has every message, also those that the session does not show any more, in pages from the last one back', async () => {
    const { ask, engine, root } = await serveSessions();
    const thread = { id: crypto.randomUUID(), title: '', provider: 'openai', model: null };
    engine.kept = [{ ...thread, workspace: root, createdAt: 1, updatedAt: 1 }];
    engine.messages = Array.from({ length: 1000 }, (_, index) => ({
      role: 'user',
      texts: [`earlier ${index}`],
      createdAt: index,
    }));
    const { session } = (await ask('/chat/sessions', { body: { thread_id: thread.id } })).body;
    const path = `/chat/sessions/${session.id}`;
    const sent = (await ask(`${path}/messages`, { body: { message: 'now' } })).body.session;
    expect([sent.messages.length, sent.messages[0].text]).toEqual([1000, 'earlier 1']);

    const last = (await ask(`${path}/messages?limit=2`)).body;
    expect(last).toEqual({ ok: true, messages: sent.messages.slice(-2), next: sent.messages.at(-2).id });
    const before = (await ask(`${path}/messages?limit=2&before=${last.next}`)).body;
    expect(before.messages).toEqual(sent.messages.slice(-4, -2));
    const oldest = (await ask(`${path}/messages?before=${sent.messages[1].id}`)).body;
    expect(oldest).toEqual({ ok: true, messages: [session.messages[0], sent.messages[0]], next: null });
    expect((await ask(`${path}/messages`)).body.messages).toHaveLength(20);
  });

  it('shows nothing of the key with which a message was sent, and nothing to another caller', async () => {
    const { ask, create } = await serveSessions();
    const path = `/chat/sessions/${(await create()).id}/messages`;
    await ask(path, { body: { message: 'a' }, headers: { 'idempotency-key': 'key-of-a-client' } });
    const { messages } = (await ask(path)).body;
    expect(Object.keys(messages[0]).toSorted()).toEqual([
      'attachments',
      'created_at',
      'id',
      'role',
      'text',
      'turn_id',
    ]);
    expect((await ask(path, { token: 'other' })).status).toBe(404);
    expect(await ask(`${path}?before=unknown`)).toMatchObject({ status: 404, body: { ok: false } });
    expect((await ask(`${path}?limit=101`)).status).toBe(400);
  });
});

describe('DELETE', () => {
  it('ends and deletes a session with its files; another caller cannot', async () => {
    const { ask, engine, create, folder } = await serveSessions();
    const { id } = await create();
    const path = `/chat/sessions/${id}`;
    const attachments = [{ name: 'a.bin', data_url: 'data:;base64,AAEC' }];
    await ask(`${path}/messages`, { body: { message: 'a', attachments } });
    await expect.poll(() => engine.threads.at(-1)?.turns.length).toBe(1);
    expect((await ask(path, { method: 'DELETE', token: 'other' })).status).toBe(404);
    const { status, body } = await ask(path, { method: 'DELETE' });
    expect([status, body]).toEqual([204, undefined]);
    expect(engine.thread.calls).toContain('interrupt');
    expect((await ask(path)).status).toBe(404);
    expect((await ask(path, { method: 'DELETE' })).status).toBe(404);
    expect(readdirSync(join(folder, 'attachments'))).toEqual([]);
  });

  it('of all sessions leaves those of another caller, and takes what waits along', async () => {
    const { ask, create, engine } = await serveSessions({ maxConcurrentTurns: 1 });
    const [one, two] = [await create(), await create()];
    for (const { id } of [one, two]) await ask(`/chat/sessions/${id}/messages`, { body: { message: 'a' } });
    const other = (await ask('/chat/sessions', { body: {}, token: 'other' })).body.session;
    expect((await ask('/chat/sessions', { method: 'DELETE' })).status).toBe(204);
    expect((await ask('/chat/sessions')).body.sessions).toEqual([]);
    expect((await ask(`/chat/sessions/${other.id}`, { token: 'other' })).status).toBe(200);
    expect((await ask('/runtime/info')).body.bridge_load).toMatchObject({
      active_turns: 0,
      pending_turns: 0,
    });
    expect(engine.threads.filter(({ turns }) => turns.length > 0).length).toBeLessThanOrEqual(1);
  });
});

it('GET /chat/threads lists the threads of a workspace, and of nothing outside the roots', async () => {
  const { ask, engine, root, folder } = await serveSessions();
  const thread = { id: crypto.randomUUID(), title: 'Fix it', provider: 'openai', model: 'gpt-5.5' };
  engine.kept = [{ ...thread, workspace: join(root, 'site'), createdAt: 1, updatedAt: 2 }];
  const list = (path: string) => ask(`/chat/threads?workspace_root=${encodeURIComponent(path)}`);
  expect((await list(join(root, 'site'))).body).toEqual({
    ok: true,
    threads: [{ ...thread, workspace_root: join(root, 'site'), created_at: 1, updated_at: 2 }],
    next: null,
  });
  expect((await ask('/chat/threads')).body.threads).toEqual([]);
  expect((await list(folder)).status).toBe(403);
  const body = { thread_id: thread.id };
  expect((await ask('/chat/sessions', { body, token: 'other' })).status).toBe(201);
  expect((await list(join(root, 'site'))).body.threads).toEqual([]);
});

it('GET /chat/threads fills its pages although those of another caller are left out', async () => {
  const { ask, engine, root } = await serveSessions();
  engine.kept = Array.from({ length: 9 }, (_, index) => {
    const common = { title: '', provider: 'openai', model: null, workspace: root, createdAt: 1 };
    return { ...common, id: crypto.randomUUID(), updatedAt: 9 - index };
  });
  const ids = engine.kept.map(({ id }) => id);
  const hidden = [0, 1, 2, 3, 5].map((index) => ids[index]);
  for (const thread_id of hidden) await ask('/chat/sessions', { body: { thread_id }, token: 'other' });
  const pageOf = async (query: string) => {
    const { threads, next } = (await ask(`/chat/threads?${query}`)).body;
    return [threads.map(({ id }: { id: string }) => ids.indexOf(id)), next];
  };
  const [first, next] = await pageOf('limit=3');
  expect(first).toEqual([4, 6, 7]);
  expect(await pageOf(`limit=3&after=${next}`)).toEqual([[8], null]);
});
