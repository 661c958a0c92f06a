import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { execCodex } from '../../support/codex-exec.ts';
import { lookingForNothing, startTestGateway } from '../../support/gateway.ts';
import { createVisibleFolder, temporaryFolder } from '../../support/temporary-folder.ts';
import { say } from '../../support/upstream.ts';

it('a thread of the workspace is listed, and goes on in a new session with its history, whichever program has started it', async () => {
  const workspace = temporaryFolder(createVisibleFolder);
  const gateway = await startTestGateway({
    codexConfig: lookingForNothing,
    config: { sessions: { roots: [workspace] } },
  });
  onTestFinished(() => gateway.close());
  const config = readFileSync(join(gateway.codexHome, 'config.toml'), 'utf8');
  gateway.upstream.use(say('Noted.'));
  const call = async (path: string, init?: RequestInit & { readonly json?: object }) => {
    const { json, ...rest } = init ?? {};
    const posted = json && { method: 'POST', body: JSON.stringify(json) };
    const response = await gateway.fetch(path, { ...rest, ...posted } as Parameters<typeof gateway.fetch>[1]);
    const text = await response.text();
    return { status: response.status, body: text === '' ? {} : JSON.parse(text) };
  };
  const run = async (json: object, message: string) => {
    const { body } = await call('/chat/sessions', { json });
    const path = `/chat/sessions/${body.session.id}`;
    await call(`${path}/messages`, { json: { message } });
    await expect.poll(async () => (await call(path)).body.session.status, { timeout: 20_000 }).toBe('idle');
    return { path, session: (await call(path)).body.session };
  };

  const first = await run({}, 'My colour is blue.');
  const threadId = first.session.thread_id;
  const { threads } = (await call('/chat/threads')).body;
  expect(threads).toEqual([
    expect.objectContaining({ id: threadId, title: 'My colour is blue.', workspace_root: workspace }),
  ]);
  // A thread belongs to one session at a time.
  expect((await call('/chat/sessions', { json: { thread_id: threadId } })).status).toBe(409);
  expect((await call(first.path, { method: 'DELETE' })).status).toBe(204);

  const texts = (messages: { readonly role: string; readonly text: string }[]) =>
    messages.map(({ role, text }) => `${role}: ${text}`);
  const again = await call('/chat/sessions', { json: { thread_id: threadId } });
  const { title, messages } = again.body.session;
  expect([title, ...texts(messages)]).toEqual([
    'My colour is blue.',
    'user: My colour is blue.',
    'assistant: Noted.',
  ]);
  const [asked, answered] = first.session.messages;
  expect(messages).toEqual([
    { ...asked, id: expect.any(String), turn_id: null, created_at: expect.any(Number) },
    { ...answered, id: expect.any(String), turn_id: null, created_at: expect.any(Number) },
  ]);
  expect(messages[1].created_at).toBeLessThanOrEqual(answered.created_at);
  await call('/chat/sessions', { method: 'DELETE' });

  const second = await run({ thread_id: threadId }, 'What is my colour?');
  expect(second.session).toMatchObject({ thread_id: threadId, workspace_root: workspace });
  const sent = gateway.upstream.requests.at(-1)!.text;
  expect(sent).toContain('My colour is blue.');
  expect(sent).toContain('Noted.');
  expect(sent).toContain('What is my colour?');
  const environment = { PATH: process.env.PATH!, HOME: workspace, CODEX_HOME: gateway.codexHome };
  await execCodex({ work: workspace, environment }, ['My number is 7.']);
  const [newest] = (await call('/chat/threads')).body.threads;
  expect(newest.id).not.toBe(threadId);
  const taken = await call('/chat/sessions', { json: { thread_id: newest.id } });
  expect(texts(taken.body.session.messages)).toEqual(['user: My number is 7.', 'assistant: Noted.']);

  const unknown = await call('/chat/sessions', { json: { thread_id: crypto.randomUUID() } });
  expect([unknown.status, unknown.body.ok]).toEqual([404, false]);
  expect(readFileSync(join(gateway.codexHome, 'config.toml'), 'utf8')).toBe(config);
});
