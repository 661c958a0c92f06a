import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { act, patchOf } from '../../support/agent-upstream.ts';
import { lookingForNothing, startTestGateway, type TestGateway } from '../../support/gateway.ts';
import { childrenOf } from '../../support/process.ts';
import { readTree } from '../../support/read-tree.ts';
import { createVisibleFolder, temporaryFolder } from '../../support/temporary-folder.ts';
import { say, stall } from '../../support/upstream.ts';

const PATIENT = { timeout: 30_000, interval: 50 };

interface Answer {
  readonly status: number;
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly body: any;
}

async function call({ fetch }: TestGateway, path: string, json?: object): Promise<Answer> {
  const response = await fetch(path, json && { method: 'POST', body: JSON.stringify(json) });
  return { status: response.status, body: await response.json() };
}

/** A repository with a commit, something staged and something stashed. */
function makeRepository(): string {
  const folder = temporaryFolder(createVisibleFolder);
  const git = (...args: readonly string[]) =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], { cwd: folder });
  git('init', '-q');
  writeFileSync(join(folder, 'page.html'), '<h1>old</h1>\n');
  writeFileSync(join(folder, 'gone.txt'), 'gone\n');
  writeFileSync(join(folder, 'run.sh'), 'echo run\n');
  git('add', '.');
  git('commit', '-qm', 'first');
  writeFileSync(join(folder, 'page.html'), '<h1>stashed</h1>\n');
  git('stash', '-q');
  writeFileSync(join(folder, 'staged.txt'), 'staged\n');
  git('add', 'staged.txt');
  return folder;
}

it('a turn is undone byte by byte, and nothing is lost when the child or the gateway dies in mid-turn', async () => {
  const workspace = makeRepository();
  const config = { sessions: { roots: [workspace] } };
  const gateway = await startTestGateway({ codexConfig: lookingForNothing, config });
  onTestFinished(() => gateway.close());
  const { upstream } = gateway;
  const others = childrenOf(process.pid, 'app-server');
  const before = readTree(workspace);
  const { id } = (await call(gateway, '/chat/sessions', { review: 'none' })).body.session;
  const path = `/chat/sessions/${id}`;
  const send = async (text: string) => await call(gateway, `${path}/messages`, { message: text });
  const session = async (from = gateway) => (await call(from, path)).body.session;
  const status = async () => (await session()).status;

  // Edited, created, deleted, renamed, made executable, by a patch and by the shell.
  upstream.use(
    act(
      [patchOf('*** Update File: page.html', '@@', '-<h1>old</h1>', '+<h1>new</h1>')],
      [
        {
          command:
            'mkdir -p made && echo x > made/by-shell && rm gone.txt && mv run.sh moved.sh && chmod +x moved.sh',
        },
      ],
      'Changed.',
    ),
  );
  const { turn_id: turn } = (await send('Change things.')).body;
  await expect.poll(status, PATIENT).toBe('idle');
  const { diff, files } = (await call(gateway, `${path}/diff?turn=${turn}`)).body;
  expect(diff).toContain('+<h1>new</h1>');
  expect(files.map((file: { path: string }) => file.path)).toEqual(
    expect.arrayContaining(['gone.txt', 'made/by-shell', 'page.html']),
  );
  writeFileSync(join(workspace, 'made', 'by-shell'), 'foreign');
  expect(await call(gateway, `${path}/undo`, { turn })).toMatchObject({
    status: 409,
    body: { ok: false, error: expect.stringContaining('made/by-shell') },
  });
  expect(readFileSync(join(workspace, 'made', 'by-shell'), 'utf8')).toBe('foreign');
  writeFileSync(join(workspace, 'made', 'by-shell'), 'x\n');
  expect((await call(gateway, `${path}/undo`, { turn })).status).toBe(200);
  expect(readTree(workspace)).toEqual(before);

  // The child dies.
  upstream.use(stall('I was about to'));
  const asked = upstream.requests.length;
  await send('Do it again.');
  await expect.poll(() => upstream.requests.length, PATIENT).toBeGreaterThan(asked);
  const agents = childrenOf(process.pid, 'app-server').filter((pid) => !others.includes(pid));
  expect(agents.length).toBe(1);
  process.kill(agents[0]!, 'SIGKILL');
  await expect.poll(status, PATIENT).toBe('error');
  expect((await session()).last_error).toContain('has ended');
  upstream.use(say('Going on.'));
  await send('And now?');
  await expect.poll(status, PATIENT).toBe('idle');
  const { text } = upstream.requests.at(-1)!;
  for (const part of ['Change things.', 'undone earlier changes', '- page.html', 'Do it again.', 'And now?'])
    expect(text).toContain(part);

  // The gateway ends in mid-turn.
  upstream.use(stall('Nearly'));
  const already = upstream.requests.length;
  await send('Once more.');
  await expect.poll(() => upstream.requests.length, PATIENT).toBeGreaterThan(already);
  const { thread_id: thread, last_event_id: lastId } = await session();
  await gateway.running.close(AbortSignal.abort());
  const next = await startTestGateway({
    config,
    environment: { XDG_STATE_HOME: dirname(gateway.stateDirectory), CODEX_HOME: gateway.codexHome },
  });
  onTestFinished(() => next.close());
  expect((await call(next, '/chat/sessions')).body.sessions).toMatchObject([
    { id, thread_id: thread, status: 'idle', title: 'Change things.' },
  ]);
  const again = await session(next);
  expect(again.messages.map((message: { text: string }) => message.text)).toEqual([
    'Change things.',
    'Changed.',
    'Do it again.',
    'And now?',
    'Going on.',
    'Once more.',
  ]);
  expect(again.events).toContainEqual(
    expect.objectContaining({ type: 'turn.completed', status: 'interrupted' }),
  );
  expect(again.last_event_id).toBeGreaterThan(lastId);
  upstream.use(say('Here I am.'));
  await call(next, `${path}/messages`, { message: 'Still there?' });
  await expect.poll(async () => (await session(next)).status, PATIENT).toBe('idle');
  expect((await session(next)).messages.at(-1).text).toBe('Here I am.');
  expect(upstream.requests.at(-1)!.text).toContain('Once more.');

  // A session that is deleted takes its turn along, and leaves its thread to Codex.
  upstream.use(stall('Never'));
  const last = upstream.requests.length;
  await call(next, `${path}/messages`, { message: 'One last thing.' });
  await expect.poll(() => upstream.requests.length, PATIENT).toBeGreaterThan(last);
  expect((await next.fetch(path, { method: 'DELETE' })).status).toBe(204);
  await upstream.requests.at(-1)!.aborted;
  expect((await call(next, path)).status).toBe(404);
  expect((await call(next, '/chat/threads')).body.threads).toMatchObject([{ id: thread }]);
});
