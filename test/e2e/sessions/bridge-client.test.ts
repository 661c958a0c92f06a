import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import type { z } from 'zod';
import { act, patchOf } from '../../support/agent-upstream.ts';
import { BRIDGE_ANSWERS, readSnapshots } from '../../support/bridge-client.ts';
import { startTestGateway, TOKEN, type TestGateway } from '../../support/gateway.ts';
import { createVisibleFolder, temporaryFolder } from '../../support/temporary-folder.ts';

const run = promisify(execFile);

/** The example of codex-bridge: a session for a page of a CMS, a message, and the stream. */
const EXAMPLE = {
  create: `curl -s -X POST http://localhost:4318/chat/sessions -H "Content-Type: application/json" \\
  -d '{"context":{"context_name":"Homepage","context_type":"page","context_id":"123"}}'`,
  send: `curl -s -X POST http://localhost:4318/chat/sessions/SESSION_ID/messages -H "Content-Type: application/json" \\
  -d '{"message":"Create a hero section with a call-to-action."}'`,
  stream: 'curl -s -N http://localhost:4318/chat/sessions/SESSION_ID/stream',
};

/** Runs a script as it is; curl reads the token, and the port of this gateway, from its own settings. */
async function runScript(script: string, { running }: TestGateway): Promise<string> {
  const folder = temporaryFolder(createVisibleFolder);
  const { port } = new URL(running.origin);
  const settings = [
    `header = "Authorization: Bearer ${TOKEN}"`,
    `connect-to = "localhost:4318:127.0.0.1:${port}"`,
  ];
  writeFileSync(join(folder, '.curlrc'), settings.join('\n'));
  const { stdout } = await run('bash', ['-c', script], {
    env: { PATH: process.env.PATH, CURL_HOME: folder, HOME: folder },
  });
  return stdout;
}

it('the example of codex-bridge runs as it is, and its clients get every field that they read', async () => {
  const workspace = temporaryFolder(createVisibleFolder);
  const gateway = await startTestGateway({ config: { sessions: { roots: [workspace] } } });
  onTestFinished(() => gateway.close());
  const call = async <T extends z.ZodType>(schema: T, status: number, path: string, init?: object) => {
    const response = await gateway.fetch(path, init);
    expect([path, response.status]).toEqual([path, status]);
    return schema.parse(await response.json());
  };
  const post = (body: object) => ({ method: 'POST', body: JSON.stringify(body) });

  // Clients ask for these before anything else.
  const { runtime_config: config } = await call(BRIDGE_ANSWERS.health, 200, '/health');
  expect(config).toMatchObject({ runtime_provider: 'openai', workspace_root: workspace });
  await call(BRIDGE_ANSWERS.info, 200, '/runtime/info');
  await call(BRIDGE_ANSWERS.config, 200, '/runtime/config');
  const wish = { ...config, provider_api_key: '', default_model: 'gpt-5.5' };
  const { config: changed } = await call(BRIDGE_ANSWERS.changed, 200, '/runtime/config', post(wish));
  expect(changed).toEqual({ ...config, default_model: 'gpt-5.5' });
  await call(BRIDGE_ANSWERS.status, 200, '/auth/status');
  await call(BRIDGE_ANSWERS.device, 200, '/auth/device');

  gateway.upstream.use(
    act([patchOf('*** Add File: pages/hero.html', '+<h1>Welcome</h1>')], 'The hero section is there.'),
  );
  const created = BRIDGE_ANSWERS.session.parse(JSON.parse(await runScript(EXAMPLE.create, gateway)));
  expect(created.session).toMatchObject({
    status: 'idle',
    context: { context_name: 'Homepage', context_id: '123' },
  });
  const { id } = created.session;
  const path = `/chat/sessions/${id}`;
  const streaming = gateway.fetch(`${path}/stream`);
  const approved: string[] = [];
  const reading = streaming.then((response) =>
    readSnapshots(response, async ({ title, preview }) => {
      approved.push(title, preview);
      await call(BRIDGE_ANSWERS.error, 400, `${path}/messages`, post({ message: 'And a footer.' }));
      await call(BRIDGE_ANSWERS.session, 202, `${path}/approvals`, post({ decision: 'allow' }));
    }),
  );
  await streaming;
  const sent = BRIDGE_ANSWERS.sent.parse(
    JSON.parse(await runScript(EXAMPLE.send.replace('SESSION_ID', id), gateway)),
  );
  expect([sent.queued, sent.session.running, sent.bridge_load.active_turns]).toEqual([false, true, 1]);

  const { names, text, last } = await reading;
  expect(approved[0]).toBe('Allow workspace edit?');
  expect(approved[1]).toContain('+<h1>Welcome</h1>');
  expect(names[0]).toBe('session.ready');
  expect(names).toEqual(
    expect.arrayContaining([
      'session.running',
      'session.event',
      'session.message',
      'session.approval.required',
    ]),
  );
  expect([text, last.status]).toEqual(['The hero section is there.', 'idle']);
  expect(last.messages.map(({ role, text: words }) => [role, words])).toEqual([
    ['user', 'Create a hero section with a call-to-action.'],
    ['assistant', 'The hero section is there.'],
  ]);
  expect(last.events.map(({ type }) => type)).toEqual(
    expect.arrayContaining([
      'thread.started',
      'turn.started',
      'item.completed',
      'approval.requested',
      'approval.responded',
      'turn.completed',
    ]),
  );
  expect(readFileSync(join(workspace, 'pages/hero.html'), 'utf8')).toBe('<h1>Welcome</h1>\n');

  const first = (await runScript(`${EXAMPLE.stream.replace('SESSION_ID', id)} | head -n 1`, gateway)).trim();
  expect(first).toBe('event: session.ready');
  await call(BRIDGE_ANSWERS.error, 400, `${path}/messages`, post({}));
  expect((await gateway.fetch('/chat/sessions', { method: 'DELETE' })).status).toBe(204);
  expect(await call(BRIDGE_ANSWERS.error, 404, path)).toMatchObject({ error: 'Session not found' });
});
