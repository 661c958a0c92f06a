import { beforeAll, describe, expect, it } from 'vitest';
import { PULL, REAL } from '../support/pull-request-tool.ts';
import { UNTIDY_DIFF } from '../support/tools-user.ts';
import { callOneByOne, createCopilotUser, type Way } from './copilot-user.ts';
import { installCopilotCli, type CopilotCli } from './install-cli.ts';

let cli: CopilotCli;

beforeAll(async () => {
  cli = await installCopilotCli();
});

const CALLS = [
  { name: 'kb_search', arguments: { query: 'refund' } },
  { name: 'repo_hygiene', arguments: { diff: UNTIDY_DIFF } },
  { name: 'git_create_pr', arguments: { ...PULL, dry_run: true } },
  { name: 'git_create_pr', arguments: REAL },
];

const QUESTION = `Push the branch agent/fix to octo/tools and open a pull request into main, with the title "Mend it"?`;

describe.each<[Way, key: string]>([
  ['stdio', 'stdio'],
  ['http', 'copilot'],
])('the GitHub Copilot CLI, over %s', (way, key) => {
  it('searches, checks and shows a change without a person, and makes it once a person accepts', async () => {
    const { upstream, ask, askWithPerson, outputs, github, inRemote, audit } = await createCopilotUser(
      cli,
      way,
    );
    upstream.use(callOneByOne(CALLS, 'All done.'));
    expect(await ask('Mend it.')).toMatchObject({ exitCode: 0, text: 'All done.' });
    expect(outputs()).toEqual([
      expect.stringContaining('refunds.md:3'),
      expect.stringContaining('"path":"a.ts"'),
      expect.stringContaining('"pr_url":null'),
      expect.stringContaining('declined'),
    ]);
    expect([github.pulls, inRemote('branch', '--list', 'agent/fix')]).toEqual([[], '']);

    expect(await askWithPerson('Mend it.')).toMatchObject({
      text: 'All done.',
      forms: [{ message: QUESTION }],
    });
    expect(outputs().at(-1)).toContain('https://github.example/octo/tools/pull/1');
    expect(github.pulls).toMatchObject([{ title: 'Mend it', body: expect.stringContaining('via Copilot') }]);
    expect(inRemote('branch', '--list', 'agent/fix')).toContain('agent/fix');

    const tools = ['kb.search', 'repo.hygiene', 'git.create_pr', 'git.create_pr'];
    expect(audit().map(({ tool, outcome }) => [tool, outcome])).toEqual([
      ...tools.map((tool, index) => [tool, index === 3 ? '412' : 'ok']),
      ...tools.map((tool) => [tool, 'ok']),
    ]);
    for (const entry of audit()) expect(entry).toMatchObject({ assistant: 'copilot', key });
    const ids = audit().map(({ request_id }) => request_id);
    expect(new Set(ids).size).toBe(8);
  });
});
