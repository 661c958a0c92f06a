import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openPullRequestTool, PULL, REAL } from '../../support/pull-request-tool.ts';

it('neither what a branch contains nor the configuration of the clone runs a program', async () => {
  const { run, git, clone, folder, commit, inRemote } = await openPullRequestTool();
  const trace = join(folder, 'trace');
  const program = join(folder, 'program');
  writeFileSync(program, `#!/bin/sh\necho "$0 $@" >> '${trace}'\nexit 1\n`, { mode: 0o755 });
  commit('.gitattributes', '* diff=evil filter=evil merge=evil\n', 'agent/evil');
  mkdirSync(join(clone, 'hooks'));
  for (const hook of ['pre-push', 'reference-transaction', 'post-checkout', 'post-index-change']) {
    for (const place of ['.git/hooks', 'hooks']) {
      writeFileSync(join(clone, place, hook), readFileSync(program), { mode: 0o755 });
    }
  }
  const settings = {
    'core.hooksPath': 'hooks',
    'core.fsmonitor': program,
    'core.pager': program,
    'core.editor': program,
    'core.askPass': program,
    'diff.external': program,
    'diff.evil.command': program,
    'diff.evil.textconv': program,
    'filter.evil.clean': program,
    'filter.evil.smudge': program,
    'merge.evil.driver': program,
    'gpg.program': program,
    'push.gpgSign': 'if-asked',
    'push.followTags': 'true',
    'push.recurseSubmodules': 'on-demand',
    'color.ui': 'always',
    'diff.noprefix': 'true',
    'diff.mnemonicPrefix': 'true',
  };
  const text = Object.entries(settings).map(([key, value]) => {
    const [, section, rest, name] = /^(\w+)(?:\.(\w+))?\.(\w+)$/.exec(key)!;
    return `[${section}${rest === undefined ? '' : ` "${rest}"`}]\n${name} = ${value}\n`;
  });
  writeFileSync(join(clone, '.git/config'), text.join(''), { flag: 'a' });
  const tag = '.git/refs/tags/v1';
  writeFileSync(join(clone, tag), readFileSync(join(clone, '.git/refs/heads/agent/evil')));

  const { diff } = await run({ ...PULL, head: 'agent/evil' });
  expect(diff).toMatch(/^diff --git a\/\.gitattributes b\/\.gitattributes\n/);
  await run({ ...REAL, head: 'agent/evil' });
  expect(existsSync(trace)).toBe(false);
  expect(inRemote('for-each-ref', '--format=%(refname)')).toBe('refs/heads/agent/evil\nrefs/heads/main');
  // Git itself, asked in the same clone, does run the hook.
  expect(() => git('push', 'origin', 'main:other')).toThrow();
  expect(existsSync(trace)).toBe(true);
});

it('the diff shows what is pushed, also where the clone replaces commits', async () => {
  const { run, git } = await openPullRequestTool();
  git('replace', git('rev-parse', 'agent/fix'), git('rev-parse', 'main'));
  expect((await run(PULL)).diff).toContain('+two');
});

it('a folder inside of a clone does not count as one', async () => {
  const { refusal, clone, folder } = await openPullRequestTool({ repository: { path: 'clone/inner' } });
  mkdirSync(join(clone, 'inner'));
  const { status, detail } = await refusal(PULL);
  expect([status, detail]).toEqual([500, expect.stringContaining('git cannot read the clone of octo/tools')]);
  expect(detail).not.toContain(folder);
});

it('a folder that is missing, and a program that is missing, are errors without a path', async () => {
  const { refusal, folder } = await openPullRequestTool({ repository: { path: 'gone' } });
  const { status, detail } = await refusal(PULL);
  expect([status, detail]).toEqual([500, expect.stringContaining('Check that git is installed')]);
  expect(detail).not.toContain(folder);
});

it('branches without a common history are a 400', async () => {
  const { refusal, git } = await openPullRequestTool();
  git('checkout', '-q', '--orphan', 'agent/orphan');
  git('commit', '-q', '-m', 'alone');
  expect(await refusal({ ...PULL, head: 'agent/orphan' })).toMatchObject({
    status: 400,
    detail: expect.stringContaining('no history in common'),
  });
});
