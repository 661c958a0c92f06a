import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { Approval } from '../../../src/sessions/events/shapes.ts';
import { act, patchOf, type AgentCall } from '../../support/agent-upstream.ts';
import { startFakeGitHub } from '../../support/fake-github.ts';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';
import { createVisibleFolder, temporaryFolder } from '../../support/temporary-folder.ts';
import { createTestClone } from '../../support/test-clone.ts';

/** Matches keys of sessions; the gateway of a test has another token. */
const KEY = /codex-gateway-local-[\w-]{20,}/;

/** A proxy that nobody serves. */
const PROXY = { HTTP_PROXY: 'http://127.0.0.1:9', http_proxy: 'http://127.0.0.1:9' };

const DIFF = '--- a/a.txt\n+++ b/a.txt\n@@ -1 +1,2 @@\n one\n+<<<<<<< HEAD\n';
const PULL = { repo: 'octo/tools', title: 'Mend it', body: 'Why.', base: 'main', head: 'agent/fix' };

/** Codex gives each server a namespace. */
const tool = (name: string, given: object): AgentCall => ({
  namespace: 'mcp__gateway_tools',
  function: name,
  arguments: given,
});

const SEARCH = tool('kb_search', { query: 'refund' });
// What the model itself confirms counts for nothing.
const TESTS = tool('tests_run', { targets: ['unit'] });
const REAL = tool('git_create_pr', { ...PULL, dry_run: false, confirm: true });

interface Shown {
  readonly id: string;
  readonly status: string;
  readonly tools: boolean;
  readonly thread_id: string;
  readonly pending_approvals: readonly Approval[];
}

/** Opens a session, or a fork of one. */
async function openSession(gateway: TestGateway, body: object, at = '/chat/sessions') {
  const call = async (path: string, sent?: object) => {
    const response = await gateway.fetch(path, sent && { method: 'POST', body: JSON.stringify(sent) });
    return (await response.json()) as { readonly session: Shown };
  };
  const { session } = await call(at, { model: 'gpt-5.5', ...body });
  const path = `/chat/sessions/${session.id}`;
  const show = async () => (await call(path)).session;
  return {
    session,
    path,
    show,
    /** Lets the model search for tools and make calls; resolves to what they gave back, once the turn has ended. */
    async run(calls: readonly AgentCall[], decisions: readonly string[] = []) {
      const steps = [{ toolSearch: 'documents, diff, pull request' }, ...calls].map((step) => [step]);
      gateway.upstream.use(act(...steps, 'Done.'));
      await call(`${path}/messages`, { message: 'Go.' });
      const asked: Approval[] = [];
      for (const decision of decisions) {
        await expect.poll(async () => (await show()).pending_approvals, { timeout: 20_000 }).toHaveLength(1);
        asked.push((await show()).pending_approvals[0]!);
        await call(`${path}/approvals`, { decision });
      }
      await expect.poll(async () => (await show()).status, { timeout: 20_000 }).toBe('idle');
      const { input } = gateway.upstream.requests.at(-1)!.body;
      const outputs = input
        .filter(({ type }) => type?.endsWith('_output'))
        .map((item) => JSON.stringify(item))
        .slice(-steps.length);
      return { asked, found: outputs[0], outputs: outputs.slice(1) };
    },
  };
}

async function open() {
  const folder = temporaryFolder(createVisibleFolder);
  const github = await startFakeGitHub();
  const { clone, inRemote } = createTestClone();
  const root = join(folder, 'root');
  mkdirSync(join(folder, 'documents'));
  mkdirSync(root);
  writeFileSync(join(folder, 'documents', 'refunds.md'), 'A customer gets a refund\nwithin 30 days.\n');
  writeFileSync(join(folder, 'github-token'), 'ghp_of_this_test', { mode: 0o600 });
  const gateway = await startTestGateway({
    config: {
      sessions: { roots: [root] },
      tools: {
        knowledge: [join(folder, 'documents', '*.md')],
        tests: { unit: { command: ['printf', 'ok 1 - fine\\n1..1\\n'], cwd: root, report: 'tap' } },
        repositories: { 'octo/tools': { path: clone } },
        github: { apiUrl: github.apiUrl, tokenFile: join(folder, 'github-token') },
      },
    },
    environment: PROXY,
  });
  onTestFinished(() => gateway.close());
  return { gateway, github, root, pushed: () => inRemote('branch', '--list', 'agent/*') };
}

it('the real Codex has the tools in a session that asks for them: it searches, checks a diff, and opens a pull request once a person confirms it', async () => {
  const { gateway, github, root, pushed } = await open();
  const readConfig = () => readFileSync(join(gateway.codexHome, 'config.toml'), 'utf8');
  const config = readConfig();

  const session = await openSession(gateway, { tools: true });
  const { id } = session.session;
  const first = await session.run(
    [SEARCH, tool('repo_hygiene', { diff: DIFF }), tool('git_create_pr', PULL), REAL],
    ['deny'],
  );
  expect(first.found).toContain('kb_search');
  expect(first.outputs[0]).toContain('refunds.md:1');
  expect(first.outputs[1]).toContain('conflict-marker');
  expect(first.outputs[2]).toContain('Opened by codex-gateway via Codex');
  expect(first.outputs[3]).toContain('the question was declined');
  for (const part of [PULL.repo, PULL.base, PULL.head, PULL.title])
    expect(first.asked[0]!.description).toContain(part);
  expect([pushed(), github.pulls]).toEqual(['', []]);

  // A person is asked once, and `allow` is the whole answer.
  const second = await session.run([REAL], ['allow']);
  expect(second.outputs[0]).toContain('https://github.example/octo/tools/pull/1');
  expect(pushed()).toContain('agent/fix');
  expect(github.pulls).toHaveLength(1);
  expect(github.pulls[0]!.body).toContain(`via Codex (key main/${id}, request req_`);

  // Codex asks about a tool that runs commands, and no more once that is allowed for the session.
  const tests = await session.run([TESTS, TESTS], ['allow_session']);
  expect(tests.asked[0]).toMatchObject({ kind: 'tool', preview: expect.stringContaining('"unit"') });
  for (const output of tests.outputs) expect(output).toContain('ok 1 - fine');

  const { thread_id: threadId } = await session.show();
  const audit = readFileSync(join(gateway.stateDirectory, 'tools-audit.jsonl'), 'utf8');
  const lines = audit
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines.map((line) => [line.tool, line.dry_run, line.outcome])).toEqual([
    ['kb.search', false, 'ok'],
    ['repo.hygiene', false, 'ok'],
    ['git.create_pr', true, 'ok'],
    ['git.create_pr', false, '412'],
    ['git.create_pr', false, 'ok'],
    ['tests.run', false, 'ok'],
    ['tests.run', false, 'ok'],
  ]);
  for (const line of lines) {
    expect(line).toMatchObject({ assistant: 'codex', key: `main/${id}`, thread_id: threadId });
    expect([line.turn_id, line.request_id].join(' ')).toMatch(/^[\da-f-]{36} req_/);
  }

  // Where nobody is asked about anything else, a person confirms a pull request all the same.
  const bold = await openSession(gateway, { tools: true, review: 'none' });
  const third = await bold.run(
    [REAL, patchOf('*** Add File: made.txt', '+x'), { command: 'true', escalated: true }, TESTS],
    ['deny'],
  );
  expect(third.outputs[0]).toContain('the question was declined');
  expect(readFileSync(join(root, 'made.txt'), 'utf8')).toBe('x\n');
  expect(third.outputs[2]).toContain('reject command');
  expect(third.outputs[3]).toContain('ok 1 - fine');

  process.kill(agentChild(gateway.codexHome), 'SIGKILL');
  await expect.poll(() => gateway.log.lines.join('\n'), { timeout: 20_000 }).toContain('app-server ended');
  expect((await bold.run([SEARCH])).outputs[0]).toContain('refunds.md:1');
  const fork = await openSession(gateway, {}, `${bold.path}/fork`);
  expect((await fork.run([SEARCH])).outputs[0]).toContain('refunds.md:1');

  const plain = await openSession(gateway, {});
  const none = await plain.run([SEARCH]);
  expect([none.found, none.outputs[0]].join('\n')).toMatch(/"tools":\[\].*\n.*unsupported call/);

  expect(readConfig()).toBe(config);
  expect(filesWithKey(gateway.codexHome, gateway.stateDirectory, root)).toEqual([]);
  const processes = readProcesses(gateway.codexHome);
  expect(processes.filter(({ text }) => KEY.test(text))).toEqual([]);
  const told = [gateway.log.lines, await session.show(), await bold.show(), gateway.upstream.requests];
  expect(JSON.stringify(told)).not.toMatch(KEY);
}, 90_000);

/** Returns the id of the process in which Codex works for sessions. */
function agentChild(codexHome: string): number {
  const found = readProcesses(codexHome).find(({ text }) => text.includes('app-server'));
  return found!.pid;
}

/** Returns the processes that have this CODEX_HOME. */
function readProcesses(codexHome: string): { readonly pid: number; readonly text: string }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .map((pid) => {
      try {
        const read = (file: string) => readFileSync(`/proc/${pid}/${file}`, 'latin1');
        return { pid: Number(pid), text: `${read('cmdline')}\0${read('environ')}` };
      } catch {
        return { pid: Number(pid), text: '' };
      }
    })
    .filter(({ text }) => text.includes(`CODEX_HOME=${codexHome}`));
}

/** Returns the files below folders that contain a key of a session. */
function filesWithKey(...folders: readonly string[]): string[] {
  return folders
    .flatMap((folder) => readdirSync(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => KEY.test(readFileSync(path, 'latin1')));
}
