import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { startGateway } from '../../src/app/compose.ts';
import { readSettings } from '../../src/app/config/config.ts';
import { addTestToken } from '../support/add-token.ts';
import { userEnvironment } from '../support/command-line.ts';
import { scriptedProvider } from '../support/gateway.ts';
import { useKeptDatabases } from '../support/kept-databases.ts';
import { createMemoryLog } from '../support/memory-log.ts';
import { openPullRequestTool, PULL } from '../support/pull-request-tool.ts';
import { runMain } from '../support/run-main.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { callInRounds, outputsOf } from '../support/upstream-tools.ts';
import { startUpstream } from '../support/upstream.ts';

const DOCUMENT = 'Refunds\n\nA customer gets a refund within 30 days.\n';
const DIFF = '--- /dev/null\n+++ b/a.ts\n@@ -0,0 +1 @@\n+const a = 1; \n';
const CHANGE = { ...PULL, labels: null, dry_run: false, confirm: true };

/** A user whose gateway runs and has documents and a clone, before a scripted provider. */
async function startUser() {
  const upstream = await startUpstream();
  onTestFinished(() => upstream.close());
  const { clone, github, inRemote } = await openPullRequestTool();
  const folder = temporaryFolder();
  const own = userEnvironment(folder);
  const home = own.HOME!;
  const environment = { ...own, GITHUB_KEY: 'ghp_of_this_test_0123456789abcdef' };
  writeFileSync(
    join(home, '.codex/config.toml'),
    `model = "gpt-6-sol"\n${scriptedProvider(upstream.baseUrl)}`,
  );
  const configFolder = join(home, '.config/codex-gateway');
  mkdirSync(join(configFolder, 'docs'), { recursive: true, mode: 0o700 });
  writeFileSync(join(configFolder, 'docs/refunds.md'), DOCUMENT);
  const tools = {
    knowledge: ['docs/*.md'],
    repositories: { [PULL.repo]: { path: clone } },
    github: { apiUrl: github.apiUrl, tokenEnv: 'GITHUB_KEY' },
  };
  const config = { port: 0, token: 'the-token-of-this-test', tools };
  writeFileSync(join(configFolder, 'config.json'), JSON.stringify(config), { mode: 0o600 });
  const stateDirectory = join(home, '.local/state/codex-gateway');
  await useKeptDatabases(stateDirectory);
  const settings = await readSettings({}, environment);
  const running = await startGateway({ settings, environment, observer: createMemoryLog(), demo: false });
  onTestFinished(() => running.close(AbortSignal.abort()));
  return {
    upstream,
    github,
    inRemote,
    stateDirectory,
    /** Asks with a person at the terminal who gives these answers, or without a terminal. */
    ask: async (args: readonly string[], ...answers: string[]) =>
      await runMain(
        ['ask', '--tools', ...args],
        environment,
        [],
        answers.length > 0 ? { answers } : undefined,
      ),
    outputs: () => outputsOf(upstream.requests.at(-1)!),
    audit: () =>
      readFileSync(join(stateDirectory, 'tools-audit.jsonl'), 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, unknown>),
  };
}

type User = Awaited<ReturnType<typeof startUser>>;

async function expectOpened({ upstream, ask, outputs, github, inRemote, audit }: User): Promise<void> {
  const search = { name: 'kb_search', arguments: { query: 'refund', top_k: null } };
  const check = { name: 'repo_hygiene', arguments: { diff: DIFF } };
  const open = { name: 'git_create_pr', arguments: CHANGE };
  upstream.use(callInRounds([[search, check], [open]], 'All done.'));
  const { code, printed, complained } = await ask(['-m', 'gpt-5.5', 'Mend it.'], 'perhaps', 'y');
  expect(code).toBe(0);
  expect(printed).toBe(
    [
      'The model wants to run git.create_pr for real:',
      '  repo: octo/tools',
      '  base: main',
      '  head: agent/fix',
      '  title: Mend it',
      '  body: It was broken.',
      '',
      'y / n? ',
      'y / n? ',
      'All done.',
      '\n',
    ].join('\n'),
  );
  expect(complained.split('\n').map((line) => line.split(' ', 2).join(' '))).toEqual(
    expect.arrayContaining(['Calling kb.search', 'Calling repo.hygiene', 'Calling git.create_pr']),
  );
  expect(outputs()).toEqual([
    expect.stringContaining('refunds.md:3'),
    expect.stringContaining('"path":"a.ts"'),
    expect.stringContaining('https://github.example/octo/tools/pull/1'),
  ]);
  expect(inRemote('rev-parse', '--verify', 'agent/fix')).toMatch(/^\w{40}$/);
  expect(github.pulls).toMatchObject([{ title: 'Mend it', body: expect.stringContaining('via Codex') }]);
  expect(audit().map(({ tool, assistant, outcome }) => [tool, assistant, outcome])).toEqual(
    expect.arrayContaining([
      ['kb.search', 'codex', 'ok'],
      ['repo.hygiene', 'codex', 'ok'],
      ['git.create_pr', 'codex', 'ok'],
    ]),
  );
}

async function expectRefused({ upstream, ask, outputs, github, audit }: User): Promise<void> {
  const before = audit().length;
  upstream.use(callInRounds([[{ name: 'git_create_pr', arguments: CHANGE }]], 'Then not.'));
  for (const [answers, reason] of [
    [[], 'there is no terminal'],
    [['n'], 'the person declined it'],
  ] as const) {
    const { code, printed } = await ask(['Mend it.'], ...answers);
    expect([code, printed]).toEqual([0, expect.stringContaining('Then not.')]);
    expect(outputs()).toEqual([expect.stringContaining(reason)]);
  }
  expect([github.pulls.length, audit().length]).toEqual([1, before]);
}

it('ask --tools runs the calls of the model, and opens a pull request only when the person agrees', async () => {
  const user = await startUser();
  await expectOpened(user);
  await expectRefused(user);
  // What the gateway does not allow reaches the model as text.
  const { upstream, ask, outputs, stateDirectory } = user;
  const foreign = { name: 'git_create_pr', arguments: { ...CHANGE, repo: 'octo/other', dry_run: true } };
  upstream.use(callInRounds([[foreign]], 'I see.'));
  expect((await ask(['Mend it.'])).complained).toContain('git.create_pr failed with HTTP 403');
  expect(outputs()).toEqual([expect.stringMatching(/^The call failed with HTTP 403: .*octo\/tools/)]);
  // A token needs both scopes.
  for (const [scope, missing] of [
    ['openai', 'tools'],
    ['tools', 'openai'],
  ] as const) {
    const token = await addTestToken(stateDirectory, scope, { scope });
    const { code, complained } = await ask(['--token', token, 'Mend it.']);
    expect([code, complained]).toEqual([
      1,
      expect.stringContaining(
        `Missing scopes: ${missing}. ask --tools needs a token with the scopes openai and tools.`,
      ),
    ]);
  }
});

it('ask --tools works with a gateway of its own, where the demo calls a tool that it is asked to call', async () => {
  const environment = userEnvironment(temporaryFolder());
  const outcome = await runMain(['ask', '--demo', '--tools', 'Call repo_hygiene.'], environment);
  expect(outcome).toMatchObject({
    code: 0,
    printed: expect.stringContaining('{"issues":[]}'),
    complained: expect.stringMatching(/^Calling repo\.hygiene \{/),
  });
});
