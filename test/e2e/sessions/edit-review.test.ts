import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { act, patchOf } from '../../support/agent-upstream.ts';
import { startTestGateway } from '../../support/gateway.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

it('an edit is shown first, and reaches the disk when it is allowed', async () => {
  const workspace = temporaryFolder();
  const gateway = await startTestGateway({ config: { sessions: { roots: [workspace] } } });
  onTestFinished(() => gateway.close());
  const call = async (path: string, body?: object) => {
    const init = body && { method: 'POST', body: JSON.stringify(body) };
    return (await (await gateway.fetch(path, init)).json()) as {
      session: Record<string, unknown>;
      error?: string;
    };
  };
  gateway.upstream.use(act([patchOf('*** Add File: six.txt', '+six')], 'Done.'));
  const { session } = await call('/chat/sessions', {});
  const path = `/chat/sessions/${String(session.id)}`;
  await call(`${path}/messages`, { message: 'Create six.txt.' });
  await expect
    .poll(async () => (await call(path)).session.pending_approval, { timeout: 10_000 })
    .toMatchObject({
      kind: 'edit',
    });
  expect(existsSync(join(workspace, 'six.txt'))).toBe(false);
  await call(`${path}/approvals`, { decision: 'allow' });
  await expect.poll(async () => (await call(path)).session.status, { timeout: 10_000 }).toBe('idle');
  expect(readFileSync(join(workspace, 'six.txt'), 'utf8')).toBe('six\n');
  expect((await call(path)).session.messages).toMatchObject([
    { role: 'user', text: 'Create six.txt.' },
    { role: 'assistant', text: 'Done.' },
  ]);
});
