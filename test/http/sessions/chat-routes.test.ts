import { mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { serveSessions } from '../../support/serve-sessions.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const UNKNOWN = '00000000-0000-4000-8000-000000000000';

function fileOf(name: string, content: string | Buffer, type = 'application/octet-stream') {
  const data = Buffer.from(content).toString('base64');
  return { name, mime_type: type, data_url: `data:${type};base64,${data}` };
}

describe('POST /chat/sessions', () => {
  it('creates a session in the shape that clients of a bridge know', async () => {
    const { ask, root } = await serveSessions();
    const context = { context_name: 'Homepage', context_type: 'page', context_id: '123' };
    const { status, body } = await ask('/chat/sessions', { body: { context, title: 'not a field' } });
    expect(status).toBe(201);
    expect(body).toEqual({
      ok: true,
      session: expect.objectContaining({
        id: expect.stringMatching(UUID),
        thread_id: null,
        status: 'idle',
        mode: 'workspace',
        context,
        messages: [],
        events: [],
        running: false,
        pending_approval: null,
        pending_approvals: [],
        last_error: null,
        assistant_draft: '',
        workspace_root: root,
        review: 'edits',
        sandbox: 'workspace-write',
        model: null,
        runtime_provider: 'openai',
        auth_mode: 'chatgpt',
        provider_api_base_url: '',
        created_at: expect.any(Number),
        updated_at: expect.any(Number),
      }),
    });
    expect(await ask(`/chat/sessions/${body.session.id}`)).toMatchObject({ status: 200, body });
  });

  it('needs no body', async () => {
    const { ask } = await serveSessions();
    expect((await ask('/chat/sessions', { method: 'POST' })).status).toBe(201);
    expect((await ask('/chat/sessions', { body: '' })).status).toBe(201);
  });

  it('takes every choice', async () => {
    const { root, create } = await serveSessions();
    const choices = {
      mode: 'entity',
      workspace_root: join(root, 'site'),
      review: 'commands',
      sandbox: 'read-only',
      model: 'gpt-6-sol',
    };
    expect(await create(choices)).toMatchObject(choices);
  });

  it('takes what the body leaves out from /runtime/config', async () => {
    const { ask, root, create } = await serveSessions();
    const workspace = join(root, 'site');
    const config = { runtime_provider: 'ollama', default_model: 'qwen', workspace_root: workspace };
    await ask('/runtime/config', { body: config });
    expect(await create()).toMatchObject({
      runtime_provider: 'ollama',
      model: 'qwen',
      workspace_root: workspace,
    });
    const own = { provider: 'vllm', base_url: 'http://127.0.0.1:9', model: 'm', workspace_root: root };
    expect(await create(own)).toMatchObject({ runtime_provider: 'vllm', model: 'm', workspace_root: root });
  });

  it('reads a body of JSON that is called something else, as curl sends it', async () => {
    const { ask } = await serveSessions();
    for (const type of ['application/x-www-form-urlencoded', 'text/plain'])
      expect(
        await ask('/chat/sessions', { body: { review: 'none' }, headers: { 'content-type': type } }),
      ).toMatchObject({ status: 201, body: { session: { review: 'none' } } });
  });

  it('refuses a wrong value, and names the field', async () => {
    const { ask, engine } = await serveSessions();
    const { status, body } = await ask('/chat/sessions', { body: { sandbox: 'danger-full-access' } });
    expect(status).toBe(400);
    expect(body).toEqual({
      ok: false,
      error: `Invalid 'sandbox': expected one of "workspace-write", "read-only".`,
    });
    expect((await ask('/chat/sessions', { body: '{' })).body).toEqual({
      ok: false,
      error: expect.stringContaining('JSON'),
    });
    expect(engine.isStarted()).toBe(false);
  });

  it('refuses every workspace outside the roots, and starts nothing', async () => {
    const { ask, folder, root, engine } = await serveSessions();
    mkdirSync(join(folder, 'outside'));
    mkdirSync(join(root, '.git'));
    symlinkSync(join(folder, 'outside'), join(root, 'link'));
    const outside = ['/', folder, join(root, 'link'), `${root}/../outside`, join(root, '.git'), 'site'];
    for (const workspace of outside) {
      const answer = await ask('/chat/sessions', { body: { workspace_root: workspace } });
      expect([workspace, answer.status]).toEqual([workspace, 403]);
      expect(answer.body).toEqual({ ok: false, error: expect.stringContaining('sessions.roots') });
    }
    expect(engine.isStarted()).toBe(false);
  });

  it('resumes a thread of a workspace by its id, and refuses one of another folder', async () => {
    const { ask, root, folder, engine, create } = await serveSessions();
    const thread = { title: '', provider: 'openai', model: null, createdAt: 1, updatedAt: 1 };
    const [inside, outside] = [crypto.randomUUID(), crypto.randomUUID()];
    engine.kept = [
      { ...thread, id: inside, workspace: join(root, 'site') },
      { ...thread, id: outside, workspace: folder },
    ];
    const session = await create({ thread_id: inside });
    expect(session).toMatchObject({ workspace_root: join(root, 'site'), thread_id: inside });
    expect((await ask('/chat/sessions', { body: { thread_id: inside } })).status).toBe(409);
    const others = await ask('/chat/sessions', { body: { thread_id: inside }, token: 'other' });
    expect(others.status).toBe(404);
    const statusOf = async (body: object) => (await ask('/chat/sessions', { body })).status;
    expect(await statusOf({ thread_id: outside })).toBe(403);
    expect(await statusOf({ thread_id: crypto.randomUUID() })).toBe(404);
    expect(await statusOf({ thread_id: inside, workspace_root: root })).toBe(400);
  });
});

describe('POST /chat/sessions/:id/messages', () => {
  it('accepts a message, and says how busy the gateway is', async () => {
    const { ask, engine, create } = await serveSessions();
    const { id } = await create();
    const { status, body } = await ask(`/chat/sessions/${id}/messages`, { body: { message: ' Hello. ' } });
    expect(status).toBe(202);
    expect(body).toMatchObject({
      ok: true,
      queued: false,
      bridge_load: { active_turns: 1, pending_turns: 0, max_concurrent_turns: 4, max_queued_turns: 40 },
      session: { id, messages: [{ role: 'user', text: 'Hello.' }] },
    });
    await expect.poll(() => engine.threads.length).toBe(1);
    await expect.poll(() => engine.thread.turns.length).toBe(1);
    expect(engine.thread.turns[0]?.input).toEqual([{ type: 'text', text: 'Hello.' }]);
    engine.thread.finish('Hi.');
    await expect
      .poll(async () => (await ask(`/chat/sessions/${id}`)).body.session)
      .toMatchObject({ status: 'idle', running: false, messages: [{}, { role: 'assistant', text: 'Hi.' }] });
  });

  it('refuses a message without a text or an attachment, and one while a turn runs', async () => {
    const { ask, create } = await serveSessions();
    const { id } = await create();
    const send = (body: object) => ask(`/chat/sessions/${id}/messages`, { body });
    const load = expect.objectContaining({ max_queued_turns: 40 });
    for (const body of [{}, { message: ' ' }, { attachments: [] }, { attachments: [{ data_url: '' }] }])
      expect(await send(body)).toMatchObject({
        status: 400,
        body: { ok: false, error: 'Message or attachment is required', bridge_load: load },
      });
    await send({ message: 'one' });
    expect(await send({ message: 'two' })).toMatchObject({
      status: 400,
      body: { ok: false, error: 'Codex is already working on this conversation.', bridge_load: load },
    });
  });

  it('says by 503 that the queue is full, and when to try again', async () => {
    const { ask, create } = await serveSessions({ maxConcurrentTurns: 1, maxQueuedTurns: 1 });
    const [one, two, three] = [await create(), await create(), await create()];
    const send = ({ id }: { id: string }) => ask(`/chat/sessions/${id}/messages`, { body: { message: 'a' } });
    expect((await send(one)).body.queued).toBe(false);
    expect((await send(two)).body).toMatchObject({ queued: true, queue_position: 1 });
    const { status, headers, body } = await send(three);
    expect([status, headers.get('retry-after')]).toEqual([503, '5']);
    expect(body).toEqual({
      ok: false,
      error:
        'Codex Bridge is busy. Queue is full (1 pending turns). The setting sessions.maxQueuedTurns allows more.',
      bridge_load: { active_turns: 1, pending_turns: 1, max_concurrent_turns: 1, max_queued_turns: 1 },
    });
  });

  it('brings images as images, texts with their names, and other files as files', async () => {
    const { ask, engine, create, files, folder } = await serveSessions();
    const { id } = await create({ context: { context_name: 'Homepage', context_id: '', tabs: [] } });
    const attachments = [
      fileOf('logo.png', 'not really', 'image/png'),
      fileOf('notes.md', 'A `note`\n```\nwith a fence\n```', 'text/markdown'),
      fileOf('../../../etc/pass"wd', Buffer.from([0, 1, 2, 255]), 'application/pdf'),
      fileOf('', Buffer.from([0, 1]), ''),
    ];
    const { status, body } = await ask(`/chat/sessions/${id}/messages`, {
      body: { message: 'Look.', attachments },
    });
    expect(status).toBe(202);
    expect(body.session.messages[0].attachments).toEqual([
      attachments[0],
      ...attachments.slice(1).map((attachment) => ({ ...attachment, data_url: '' })),
    ]);
    await expect.poll(() => engine.threads.at(-1)?.turns.length).toBe(1);
    const { input } = engine.thread.turns[0]!;
    const text = input.map((part) => (part.type === 'text' ? part.text : '<image>')).join('\n');
    expect(text).toMatch(/^Context of the application.*\n- context_name: Homepage\n/);
    expect(text).toContain('attachment "logo.png".\n<image>\n');
    expect(text).toContain('Attached file "notes.md":\n````\nA `note`\n```\nwith a fence\n```\n````');
    expect(text).toMatch(/\nLook\.$/);
    const kept = join(folder, 'attachments', id, 'files');
    expect(text).toContain(`(4 bytes, application/pdf) can be read at ${join(kept, 'pass_wd')}`);
    expect(readdirSync(kept).toSorted()).toEqual(['attachment 4', 'pass_wd']);
    expect(readFileSync(join(kept, 'pass_wd'))).toEqual(Buffer.from([0, 1, 2, 255]));
    const image = input.find((part) => part.type === 'image')!;
    expect(readFileSync(image.path, 'utf8')).toBe('not really');
    engine.thread.finish();
    await expect.poll(() => readdirSync(join(folder, 'attachments', id, 'images'))).toEqual([]);
    await files.forget(id);
    expect(readdirSync(join(folder, 'attachments'))).toEqual([]);
  });

  it('brings the context along that came last, once', async () => {
    const { ask, engine, create } = await serveSessions();
    const { id } = await create({ context: { context_name: 'Homepage', tab: 1 } });
    const send = async (body: { message: string; context?: object }) => {
      await ask(`/chat/sessions/${id}/messages`, { body });
      await expect
        .poll(() => engine.threads.at(-1)?.turns.at(-1)?.input.at(-1))
        .toMatchObject({ text: body.message });
      const [first] = engine.thread.turns.at(-1)!.input;
      engine.thread.finish();
      await expect.poll(async () => (await ask(`/chat/sessions/${id}`)).body.session.status).toBe('idle');
      return first?.type === 'text' ? first.text.split('\n').slice(1) : [];
    };
    expect(await send({ message: 'one' })).toEqual(['- context_name: Homepage', '- tab: 1']);
    expect(await send({ message: 'two', context: { context_name: 'Blog' } })).toEqual([
      '- context_name: Blog',
    ]);
    expect(await send({ message: 'three', context: { context_name: 'Blog' } })).toEqual([]);
    expect((await ask(`/chat/sessions/${id}`)).body.session.context).toEqual({ context_name: 'Blog' });
  });

  it('that fails in a way that nobody foresaw shows no path, and the log has the reason', async () => {
    const { ask, engine, create, log } = await serveSessions();
    const { id } = await create();
    engine.start = async () => {
      throw new Error("ENOENT: no such file or directory, open '/home/user/.secret'");
    };
    await ask(`/chat/sessions/${id}/messages`, { body: { message: 'a' } });
    await expect
      .poll(async () => (await ask(`/chat/sessions/${id}`)).body.session)
      .toMatchObject({
        status: 'error',
        last_error: 'The gateway failed to run this turn. Its log says why.',
      });
    expect(JSON.stringify((await ask(`/chat/sessions/${id}`)).body)).not.toContain('.secret');
    expect(JSON.stringify(log.lines)).toContain('.secret');
  });

  it('refuses an attachment that is not a data: URL, or too large, before anything runs', async () => {
    const { ask, engine, create } = await serveSessions({ bodyLimitBytes: 40_000_000 });
    const { id } = await create();
    const send = (...urls: readonly string[]) =>
      ask(`/chat/sessions/${id}/messages`, {
        body: { message: 'a', attachments: urls.map((url) => ({ name: 'a', data_url: url })) },
      });
    for (const url of ['https://example.com/a.png', 'data:text/plain,a', 'data:text/plain;base64,%%%', 'a'])
      expect(await send('data:;base64,YQ==', url)).toMatchObject({
        status: 400,
        body: { ok: false, error: expect.stringContaining("'attachments[1].data_url'") },
      });
    const large = `data:image/png;base64,${'A'.repeat(28_000_000)}`;
    expect((await send(large)).body).toMatchObject({ error: expect.stringContaining('20 MB') });
    expect(engine.threads).toEqual([]);
  });
});

describe('the internal tools', () => {
  it('are for a session that asks for them, with a key that is new for each opening and ends with the session', async () => {
    const { ask, engine, create, sessionTools, log } = await serveSessions();
    const plain = await create();
    const { id, tools } = await create({ tools: true });
    expect([plain.tools, tools]).toEqual([false, true]);
    const run = async (session: string, turn: () => void) => {
      const before = engine.threads.length;
      await ask(`/chat/sessions/${session}/messages`, { body: { message: 'a' } });
      await expect
        .poll(() => engine.threads.length + (engine.threads.at(-1)?.turns.length ?? 0))
        .toBe(before + 2);
      turn();
      await expect
        .poll(async () => (await ask(`/chat/sessions/${session}`)).body.session.running)
        .toBe(false);
    };
    await run(plain.id, () => engine.thread.finish());
    expect(engine.thread.options.tools).toBeUndefined();
    await run(id, () => {
      const { key } = sessionTools.opened[0]!;
      engine.thread.finish(`The key is ${key}.`);
      engine.thread.die();
    });
    await run(id, () => engine.thread.finish());
    expect(engine.threads.slice(1).map(({ options }) => options.tools)).toEqual(sessionTools.opened);
    expect(new Set(sessionTools.opened.map(({ key }) => key)).size).toBe(2);
    const shown = (await ask(`/chat/sessions/${id}`)).body;
    expect(shown.session.messages[1].text).toBe('The key is [key].');
    expect(JSON.stringify([shown, log])).not.toContain('key-1-of');

    expect(sessionTools.forgotten).toEqual([]);
    await ask(`/chat/sessions/${id}`, { method: 'DELETE' });
    expect(sessionTools.forgotten).toEqual([id]);
  });

  it('are for callers whose own token has them, and nothing is created for others', async () => {
    const { ask } = await serveSessions();
    const answer = await ask('/chat/sessions', { body: { tools: true }, token: 'sessions' });
    expect(answer.status).toBe(403);
    expect(answer.body.error).toMatchObject({ code: 'missing_scope', param: 'tools' });
    expect((await ask('/chat/sessions', { token: 'sessions' })).body.sessions).toEqual([]);
    expect((await ask('/chat/sessions', { body: { tools: false }, token: 'sessions' })).status).toBe(201);
    const wrong = await ask('/chat/sessions', { body: { tools: 'yes' } });
    expect([wrong.status, wrong.body.error]).toEqual([400, expect.stringContaining("'tools'")]);
  });
});

describe('the key of a provider', () => {
  const VLLM = { provider: 'vllm', base_url: 'http://127.0.0.1:9/api', auth_mode: 'api_key' };

  it('goes to the thread of its session alone, and nowhere else', async () => {
    const { ask, engine, create, log } = await serveSessions();
    const one = await create({ ...VLLM, provider_api_key: 'key-of-one' });
    const two = await create({ ...VLLM, provider_api_key: 'key-of-two', base_url: 'http://127.0.0.1:8/v2/' });
    for (const { id } of [one, two]) await ask(`/chat/sessions/${id}/messages`, { body: { message: 'a' } });
    await expect.poll(() => engine.threads.length).toBe(2);
    expect(engine.threads.map(({ options }) => options.provider)).toEqual([
      { id: 'vllm', baseUrl: 'http://127.0.0.1:9/api/v1', key: 'key-of-one' },
      { id: 'vllm', baseUrl: 'http://127.0.0.1:8/v2', key: 'key-of-two' },
    ]);
    const shown = JSON.stringify([(await ask(`/chat/sessions/${one.id}`)).body, one, log]);
    expect(shown).not.toContain('key-of');
  });

  it('that is missing is asked for at the start, as is a base URL', async () => {
    const { ask } = await serveSessions();
    const errorOf = async (body: object) => {
      const answer = await ask('/chat/sessions', { body });
      return [answer.status, answer.body.error];
    };
    expect(await errorOf(VLLM)).toEqual([409, expect.stringContaining('provider_api_key')]);
    expect(await errorOf({ provider: 'vllm' })).toEqual([
      400,
      expect.stringContaining('provider_api_base_url'),
    ]);
    expect(await errorOf({ provider: 'copilot' })).toEqual([401, expect.stringContaining('Copilot')]);
  });

  it('can be given anew with a message, and the thread is loaded with it again', async () => {
    const { ask, engine, create } = await serveSessions();
    const { id } = await create({ ...VLLM, provider_api_key: 'old' });
    await ask(`/chat/sessions/${id}/messages`, { body: { message: 'a' } });
    await expect.poll(() => engine.threads.at(-1)?.turns.length).toBe(1);
    engine.thread.finish();
    await expect.poll(async () => (await ask(`/chat/sessions/${id}`)).body.session.status).toBe('idle');
    await ask(`/chat/sessions/${id}/messages`, { body: { message: 'b', provider_api_key: 'new' } });
    await expect.poll(() => engine.threads.length).toBe(2);
    expect(engine.threads[0]?.isUnloaded).toBe(true);
    expect(engine.thread.options.provider?.key).toBe('new');
  });

  it.each(['the message', '/runtime/config'])(
    'is not known after a restart: the session is readable, and goes on once %s brings the key',
    async (source) => {
      const before = await serveSessions();
      const { id } = await before.create({ ...VLLM, provider_api_key: 'lost' });
      const path = `/chat/sessions/${id}`;
      await before.ask(`${path}/messages`, { body: { message: 'a' } });
      await expect.poll(() => before.engine.threads.at(-1)?.turns.length).toBe(1);
      before.engine.thread.finish();
      await expect.poll(async () => (await before.ask(path)).body.session.status).toBe('idle');

      const { ask, engine } = await serveSessions({ folder: before.folder });
      expect((await ask('/chat/sessions')).body.sessions).toMatchObject([{ id, status: 'idle' }]);
      expect((await ask(path)).body.session.messages).toMatchObject([{ text: 'a' }, { text: 'Done.' }]);
      const refused = await ask(`${path}/messages`, { body: { message: 'b' } });
      expect([refused.status, refused.body]).toEqual([
        409,
        expect.objectContaining({ ok: false, error: expect.stringContaining("'provider_api_key'") }),
      ]);
      expect((await ask(path)).body.session.messages).toHaveLength(2);
      if (source === '/runtime/config')
        await ask(source, { body: { ...VLLM, runtime_provider: 'vllm', provider_api_key: 'new' } });
      const key = source === '/runtime/config' ? {} : { provider_api_key: 'new' };
      expect((await ask(`${path}/messages`, { body: { message: 'b', ...key } })).status).toBe(202);
      await expect.poll(() => engine.threads.at(-1)?.options.provider?.key).toBe('new');
      expect(engine.thread.id).toBe(before.engine.thread.id);
    },
  );

  it('of /runtime/config is for sessions with the same provider and base URL, of the same caller', async () => {
    const { ask, engine, create } = await serveSessions();
    await ask('/runtime/config', { body: { ...VLLM, runtime_provider: 'vllm', provider_api_key: 'usual' } });
    const { id } = await create();
    await ask(`/chat/sessions/${id}/messages`, { body: { message: 'a' } });
    await expect.poll(() => engine.threads.at(-1)?.options.provider?.key).toBe('usual');
    const elsewhere = { ...VLLM, base_url: 'http://evil.example/v1' };
    expect((await ask('/chat/sessions', { body: elsewhere })).status).toBe(409);
    expect((await ask('/chat/sessions', { body: VLLM, token: 'other' })).status).toBe(409);
  });
});

describe('POST /chat/sessions/:id/approvals', () => {
  it('answers nothing that is not pending, and wants a decision', async () => {
    const { ask, create } = await serveSessions();
    const { id } = await create();
    const approve = (body: object) => ask(`/chat/sessions/${id}/approvals`, { body });
    expect(await approve({ decision: 'allow' })).toMatchObject({ status: 400, body: { ok: false } });
    expect(await approve({ decision: 'allow', request_id: 0 })).toMatchObject({ status: 400 });
    expect((await approve({})).body.error).toMatch(/^Invalid 'decision': missing; expected one of "allow"/);
    expect((await approve({ decision: 'accept' })).body.error).toMatch(/^Invalid 'decision'/);
  });
});

describe('a session', () => {
  it.each(['', '/stream', '/messages', '/approvals'])('that does not exist is a 404 at …%s', async (path) => {
    const { ask } = await serveSessions();
    const body =
      path === '/messages' || path === '/approvals' ? { message: 'a', decision: 'deny' } : undefined;
    for (const id of [UNKNOWN, 'x', '..%2f..%2fetc'])
      expect(await ask(`/chat/sessions/${id}${path}`, body && { body })).toMatchObject({
        status: 404,
        body: { ok: false, error: 'Session not found' },
      });
  });

  it('is not seen by another caller', async () => {
    const { ask, create } = await serveSessions();
    const { id } = await create();
    expect((await ask(`/chat/sessions/${id}`, { token: 'other' })).status).toBe(404);
    const send = { body: { message: 'a' }, token: 'other' };
    expect((await ask(`/chat/sessions/${id}/messages`, send)).status).toBe(404);
  });
});
