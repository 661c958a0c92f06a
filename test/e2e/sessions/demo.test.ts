import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { startTestGateway } from '../../support/gateway.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

interface Shown {
  readonly session: {
    readonly id: string;
    readonly status: string;
    readonly pending_approval: { readonly kind: string } | null;
    readonly messages: readonly { readonly text: string }[];
  };
}

it('the demo makes one small patch and runs one command for `demo edit`, with nothing of the Codex of the user', async () => {
  const workspace = temporaryFolder();
  const gateway = await startTestGateway({
    demo: true,
    // A configuration that would stop any start.
    codexConfig: () => 'not = [valid',
    config: { sessions: { roots: [workspace] } },
  });
  onTestFinished(() => gateway.close());
  const call = async (path: string, body?: object) => {
    const init = body && { method: 'POST', body: JSON.stringify(body) };
    return ((await (await gateway.fetch(path, init)).json()) as Shown).session;
  };
  const { id } = await call('/chat/sessions', { context: { context_name: 'Homepage' } });
  const path = `/chat/sessions/${id}`;
  await call(`${path}/messages`, { message: 'demo edit' });
  await expect.poll(async () => (await call(path)).pending_approval?.kind, { timeout: 10_000 }).toBe('edit');
  expect(readdirSync(workspace)).toEqual([]);
  await call(`${path}/approvals`, { decision: 'allow' });
  await expect.poll(async () => (await call(path)).status, { timeout: 10_000 }).toBe('idle');
  const written = 'Edit 1 of the demo model of codex-gateway.';
  expect(readFileSync(join(workspace, 'codex-gateway-demo.md'), 'utf8')).toContain(written);
  expect((await call(path)).messages.at(-1)?.text).toMatch(
    /: Success[^]*\nThen I ran [^]*\nEdit 1 of the demo/,
  );
  expect(readdirSync(gateway.codexHome)).toEqual(['config.toml']);
  await gateway.close();
  expect(readdirSync(workspace)).toEqual(['codex-gateway-demo.md']);
});
