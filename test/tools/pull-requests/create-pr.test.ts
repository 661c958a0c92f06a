import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { GITHUB_TOKEN, openPullRequestTool, PULL, REAL } from '../../support/pull-request-tool.ts';
import { readTree } from '../../support/read-tree.ts';

const LINE = 'Opened by codex-gateway via a script (key main, request req_1)';

it('a dry run shows diff and body, and changes nothing in the clone, at the remote or at GitHub', async () => {
  const { run, clone, remote, github } = await openPullRequestTool({ github: { tokenFile: undefined } });
  const before = [readTree(clone), readTree(remote)];
  expect(await run(PULL)).toEqual({
    dry_run: true,
    branch: 'agent/fix',
    base: 'main',
    diff: expect.stringMatching(/^diff --git a\/a\.txt b\/a\.txt\n[^]*\n one\n\+two\n$/),
    body: `It was broken.\n\n${LINE}`,
    pr_url: null,
    message: expect.stringContaining('Dry run'),
  });
  expect([readTree(clone), readTree(remote)]).toEqual(before);
  expect(github.requests).toEqual([]);
});

it('a real run pushes the branch, opens one pull request with its labels, and leaves the clone as it was', async () => {
  const { run, git, inRemote, clone, github } = await openPullRequestTool();
  const before = readTree(clone);
  const answer = await run({ ...REAL, labels: ['bug', 'agent'] });
  expect(answer).toMatchObject({
    dry_run: false,
    pr_url: 'https://github.example/octo/tools/pull/1',
    body: `It was broken.\n\n${LINE}`,
    message: 'The pull request is open: https://github.example/octo/tools/pull/1',
  });
  expect(inRemote('rev-parse', 'agent/fix')).toBe(git('rev-parse', 'agent/fix'));
  expect(github.pulls).toMatchObject([
    { title: 'Mend it', body: answer.body, head: { ref: 'agent/fix' }, base: { ref: 'main' } },
  ]);
  expect(github.labels.get(1)).toEqual(['bug', 'agent']);
  expect(github.requests[0]?.authorization).toBe(`Bearer ${GITHUB_TOKEN}`);
  expect(readTree(clone)).toEqual(before);
});

it.each([
  ['codex', 'Codex'],
  ['copilot', 'Copilot'],
] as const)('the last line of the body names %s, the key and the request', async (assistant, name) => {
  const { run } = await openPullRequestTool();
  const { body } = await run(PULL, { assistant, caller: { id: 'k', name: 'laptop' } });
  expect(body.split('\n').at(-1)).toBe(`Opened by codex-gateway via ${name} (key laptop, request req_1)`);
});

it('a branch that the remote has with other commits is a 409, and is not forced', async () => {
  const { refusal, git, inRemote, commit, github } = await openPullRequestTool();
  commit('a.txt', 'other\n', 'agent/other');
  git('push', '-q', 'origin', 'agent/other:agent/fix');
  git('config', 'remote.origin.push', '+refs/heads/*:refs/heads/*');
  const before = inRemote('rev-parse', 'agent/fix');
  const { status, detail } = await refusal(REAL);
  expect([status, detail]).toEqual([409, expect.stringContaining('never forced')]);
  expect(inRemote('rev-parse', 'agent/fix')).toBe(before);
  expect(github.requests).toEqual([]);
});

it('a branch that a hook of the remote refuses is a 502 with its words', async () => {
  const { refusal, remote } = await openPullRequestTool();
  const hook = '#!/bin/sh\necho "no branches on Fridays" >&2\nexit 1\n';
  writeFileSync(join(remote, 'hooks', 'pre-receive'), hook, { mode: 0o755 });
  const { status, detail } = await refusal(REAL);
  expect([status, detail]).toEqual([502, expect.stringContaining('no branches on Fridays')]);
});

it('a remote that is not there is a 502 without a path', async () => {
  const { refusal, git, folder } = await openPullRequestTool();
  git('remote', 'set-url', 'origin', join(folder, 'gone.git'));
  const { status, detail } = await refusal(REAL);
  expect(status).toBe(502);
  expect(detail).not.toContain(folder);
});

it('work that a killed process has begun is taken up with the pull request that is there, or from where it was', async () => {
  const { tool, run, git, github } = await openPullRequestTool();
  const takeUp = async (requestId: string) =>
    await tool.run(tool.input.parse(REAL), {
      caller: { id: 'main', name: 'main' },
      assistant: 'script',
      requestId,
      signal: new AbortController().signal,
      isTakenUp: true,
      report: () => {},
    });
  // The end came between the push and the pull request.
  git('push', '-q', 'origin', 'agent/fix');
  const first = await takeUp('req_2');
  expect(first.pr_url).toBe('https://github.example/octo/tools/pull/1');
  // The end came before the answer.
  const again = await takeUp('req_3');
  expect(again).toEqual(first);
  expect(github.pulls).toHaveLength(1);
  // Another call makes another attempt.
  await run(REAL);
  expect(github.pulls).toHaveLength(2);
});

it('a call that is left in the middle is taken up by the next one with its key, with the pull request that is there', async () => {
  const { run, github } = await openPullRequestTool();
  github.answers.set('POST pulls', 'late');
  const leaving = new AbortController();
  const opened = github.nextAnswer();
  const left = run(REAL, { idempotencyKey: 'key', signal: leaving.signal }).catch((error: unknown) => error);
  await opened;
  leaving.abort(new Error('the client is gone'));
  expect(await left).toMatchObject({ message: 'the client is gone' });
  github.answers.clear();
  const answer = await run(REAL, { idempotencyKey: 'key', requestId: 'req_2' });
  expect(answer).toMatchObject({ pr_url: 'https://github.example/octo/tools/pull/1' });
  expect(answer.body).toContain('request req_1');
  expect(await run(REAL, { idempotencyKey: 'key' })).toEqual(answer);
  expect(github.pulls).toHaveLength(1);
});

it('an answer that is lost does not lose the pull request', async () => {
  const { run, github } = await openPullRequestTool();
  github.answers.set('POST pulls', 'lost');
  expect(await run(REAL)).toMatchObject({ pr_url: 'https://github.example/octo/tools/pull/1' });
  expect(github.pulls).toHaveLength(1);
});

it('a pull request whose answer is lost, and that cannot be found, is a 502 that says what was asked', async () => {
  const { refusal, github } = await openPullRequestTool();
  github.answers.set('POST pulls', 'lost');
  for (const [answer, words] of [
    [{ status: 200, body: [] }, 'It does not list the pull request. The branch agent/fix is pushed.'],
    [{ status: 500 }, 'failed too: look for it at GitHub. The branch agent/fix is pushed.'],
  ] as const) {
    github.answers.set('GET pulls', answer);
    expect(await refusal(REAL)).toEqual({ status: 502, detail: expect.stringContaining(words) });
  }
});

it('labels that GitHub refuses leave the pull request open, and the message says so', async () => {
  const { run, github } = await openPullRequestTool();
  github.answers.set('POST labels', { status: 403, body: { message: 'No labels for you' } });
  const answer = await run({ ...REAL, labels: ['bug'] });
  expect(answer.message).toMatch(/The pull request is open.*Its labels are missing.*No labels for you/);
});

it('a long diff is cut, and the answer says how much there is', async () => {
  const { run, commit, git } = await openPullRequestTool();
  commit('big.txt', 'a line of text\n'.repeat(40_000), 'agent/big');
  git('checkout', '-q', 'main');
  const { diff, message } = await run({ ...PULL, head: 'agent/big' });
  expect(diff.length).toBeLessThanOrEqual(200_000);
  expect(diff.endsWith('+a line of text\n')).toBe(true);
  expect(message).toContain('1 file changed, 40000 insertions(+)');
});

it('a person is asked with repository, branches and title on one line', async () => {
  const { prepare } = await openPullRequestTool();
  const { question } = await prepare({ ...REAL, title: 'Mend\u202Eit' });
  expect(question).toBe(
    'Push the branch agent/fix to octo/tools and open a pull request into main, with the title "Mend it"?',
  );
  expect((await prepare(PULL)).question).toBeUndefined();
});

it('a real run without a confirmation is a 412, with or without a token', async () => {
  const { refusal, github } = await openPullRequestTool({ github: { tokenFile: undefined } });
  expect(await refusal({ ...PULL, dry_run: false })).toMatchObject({ status: 412 });
  expect(github.requests).toEqual([]);
});

it('the branch is compared with the base as the remote has it, or else as the clone has it', async () => {
  const { run, git } = await openPullRequestTool();
  git('update-ref', 'refs/heads/main', 'agent/fix');
  expect((await run(PULL)).diff).toContain('+two');
  git('update-ref', '-d', 'refs/remotes/origin/main');
  expect(await run(PULL)).toMatchObject({ diff: '', message: expect.stringContaining('changes nothing') });
});
