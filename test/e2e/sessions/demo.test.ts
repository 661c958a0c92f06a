import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { fillIn, snippetsIn } from '../../support/documents.ts';
import { startTestGateway, TOKEN, type TestGateway } from '../../support/gateway.ts';
import { runMain } from '../../support/run-main.ts';
import { createVisibleFolder, temporaryFolder } from '../../support/temporary-folder.ts';

const run = promisify(execFile);

/** Runs the steps of the guide in one shell, and returns what each printed. */
async function walk({ running }: TestGateway): Promise<string[]> {
  const steps = snippetsIn('bash').map(({ code }) => fillIn(code, { origin: running.origin, token: TOKEN }));
  const { stdout } = await run('bash', ['-e', '-c', steps.join('\necho NEXT\n')]);
  return stdout.split('NEXT\n');
}

it('the demo shows a whole session by the steps of the guide, and in the terminal, with nothing of the Codex of the user', async () => {
  const workspace = temporaryFolder(createVisibleFolder);
  const gateway = await startTestGateway({
    demo: true,
    // A configuration that would stop any start.
    codexConfig: () => 'not = [valid',
    config: { sessions: { roots: [workspace] } },
  });
  onTestFinished(() => gateway.close());
  const [created, asked, ended, undone, deleted] = await walk(gateway);
  expect(created).toMatch(/^\{"ok":true,"session":\{.*"context_name":"Homepage"/);
  expect(asked).toMatch(/event: turn\.started\n[^]*"type":"fileChange"[^]*\nevent: approval\.requested\n$/);
  expect(ended).toMatch(
    /"pending_approval":\{.*"diff":"diff --git a\/codex-gateway-demo\.md b.*\+Edit 1 of the demo/,
  );
  expect(ended).toMatch(/"by":"client"[^]*"aggregatedOutput":"# Demo\\n[^]*\nevent: turn\.completed\n$/);
  expect(undone).toMatch(
    /"files":\[\{"path":"codex-gateway-demo\.md","change":"created"[^]*"files":\["codex-gateway-demo\.md"\]/,
  );
  expect(deleted).toBe('\n');
  expect(readdirSync(workspace)).toEqual([]);

  // The commands of this user find the gateway by its state folder.
  const home = dirname(gateway.stateDirectory);
  const environment = { HOME: home, XDG_STATE_HOME: home };
  const declined = await runMain(['agent', '--token', TOKEN, 'demo', 'edit'], environment);
  expect([declined.code, readdirSync(workspace)]).toEqual([0, []]);
  expect(declined.complained).toMatch(
    /Declined, because there is no terminal[^]*\$ cat codex-gateway-demo\.md/,
  );
  const events = await runMain(
    ['agent', '--token', TOKEN, '--json', '--review', 'none', 'demo edit'],
    environment,
  );
  expect([events.code, existsSync(join(workspace, 'codex-gateway-demo.md'))]).toEqual([0, true]);
  expect(events.printed).toMatch(
    /^\{"type":"session\.created".*\n[^]*\{"type":"turn\.completed".*"status":"completed"\}$/,
  );
  expect(readdirSync(gateway.codexHome)).toEqual(['config.toml']);
});
