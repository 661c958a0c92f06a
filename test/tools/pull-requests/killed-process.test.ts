import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { callConfiguredTool } from '../../support/call-configured-tool.ts';
import { startFakeGitHub } from '../../support/fake-github.ts';
import { GITHUB_TOKEN, PULL, REAL } from '../../support/pull-request-tool.ts';
import { createTestClone, gitVariables } from '../../support/test-clone.ts';

const SCRIPT = fileURLToPath(new URL('../../support/tool-call-process.ts', import.meta.url));

it.each([
  ['between the push and the pull request', 'deaf', 'req_2'],
  ['between the pull request and the answer', 'late', 'req_1'],
] as const)('a kill -9 %s leads to one pull request', async (_, silence, by) => {
  const github = await startFakeGitHub();
  const { folder, inRemote, git } = createTestClone();
  const config = join(folder, 'config.json');
  mkdirSync(join(folder, 'state/codex-gateway'), { recursive: true, mode: 0o700 });
  writeFileSync(join(folder, 'token'), GITHUB_TOKEN, { mode: 0o600 });
  const tools = {
    repositories: { [PULL.repo]: { path: 'clone' } },
    github: { apiUrl: github.apiUrl, tokenFile: 'token' },
  };
  writeFileSync(config, JSON.stringify({ tools }), { mode: 0o600 });
  const environment = { ...gitVariables(folder), XDG_STATE_HOME: join(folder, 'state') };
  const gateway = { config, environment };

  github.answers.set('POST pulls', silence);
  const asked = github.nextAnswer();
  const first = { idempotencyKey: 'key', requestId: 'req_1' };
  const call = { gateway, name: 'git.create_pr', args: REAL, changes: first };
  const child = spawn(process.execPath, [SCRIPT, JSON.stringify(call)], { stdio: 'inherit' });
  onTestFinished(() => void child.kill('SIGKILL'));
  await asked;
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(inRemote('rev-parse', 'agent/fix')).toBe(git('rev-parse', 'agent/fix'));

  github.answers.clear();
  const again = async (requestId: string) =>
    await callConfiguredTool(gateway, 'git.create_pr', REAL, { idempotencyKey: 'key', requestId });
  const answer = await again('req_2');
  expect(answer).toMatchObject({
    pr_url: 'https://github.example/octo/tools/pull/1',
    body: expect.stringContaining(`request ${by})`),
  });
  expect(await again('req_3')).toEqual(answer);
  expect(github.pulls).toHaveLength(1);
});
