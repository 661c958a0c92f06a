import { expect, it } from 'vitest';
import { addTestToken } from '../support/add-token.ts';
import { userEnvironment } from '../support/command-line.ts';
import { PULL } from '../support/pull-request-tool.ts';
import { runMain } from '../support/run-main.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { createToolsUser, UNTIDY_DIFF } from '../support/tools-user.ts';
import { callInRounds, outputsOf } from '../support/upstream-tools.ts';

const CHANGE = { ...PULL, labels: null, dry_run: false, confirm: true };

/** A user whose gateway runs. */
async function startUser() {
  const user = await createToolsUser();
  await user.start();
  return {
    ...user,
    /** Asks with a person at the terminal who gives these answers, or without a terminal. */
    ask: async (args: readonly string[], ...answers: string[]) =>
      await runMain(
        ['ask', '--tools', ...args],
        user.environment,
        [],
        answers.length > 0 ? { answers } : undefined,
      ),
    outputs: () => outputsOf(user.upstream.requests.at(-1)!),
  };
}

type User = Awaited<ReturnType<typeof startUser>>;

async function expectOpened({ upstream, ask, outputs, github, inRemote, audit }: User): Promise<void> {
  const search = { name: 'kb_search', arguments: { query: 'refund', top_k: null } };
  const check = { name: 'repo_hygiene', arguments: { diff: UNTIDY_DIFF } };
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
  const real = () => audit().filter(({ dry_run: isDryRun }) => isDryRun === false).length;
  const before = real();
  upstream.use(callInRounds([[{ name: 'git_create_pr', arguments: CHANGE }]], 'Then not.'));
  for (const [answers, reason] of [
    [[], 'there is no terminal'],
    [['n'], 'the person declined it'],
  ] as const) {
    const { code, printed } = await ask(['Mend it.'], ...answers);
    expect([code, printed]).toEqual([0, expect.stringContaining('Then not.')]);
    expect(outputs()).toEqual([expect.stringContaining(reason)]);
  }
  expect([github.pulls.length, real()]).toEqual([1, before]);
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
  const args = ['ask', '--demo', '--tools', 'Call repo_hygiene.'];
  const { code, printed, complained } = await runMain(args, environment);
  // The demo makes arguments by the schema: its text is not a diff.
  const outcome = 'failed with HTTP 400: There is no diff in this text.';
  expect([code, printed.replaceAll('\n', '')]).toEqual([0, expect.stringContaining(`The call ${outcome}`)]);
  const [call, result] = complained.split('\n');
  expect(call).toMatch(/^Calling repo\.hygiene \{/);
  expect(result).toContain(`repo.hygiene ${outcome}`);
});
