import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isBranchName, matchesPattern } from '../../../src/tools/pull-requests/branch-names.ts';
import { openPullRequestTool, PULL, REAL } from '../../support/pull-request-tool.ts';
import { readTree } from '../../support/read-tree.ts';

const HOSTILE = [
  '',
  '-x',
  '--upload-pack=touch x',
  '+agent/fix',
  'agent/fix:main',
  ':main',
  'agent/fix^{commit}',
  'agent/fix@{1}',
  '@{-1}',
  'agent/fix~1',
  'a..b',
  'a...b',
  'agent/*',
  'agent/[a]',
  'a?b',
  'a b',
  ' a',
  'a\n',
  'a\nb',
  'a\0b',
  'a\\b',
  'a\tb',
  '/a',
  'a/',
  'a//b',
  'a/.b',
  '.a',
  'a.',
  'a.lock',
  'a.lock/b',
  'HEAD',
  '@',
  'agent/größe',
  'agent/f\u0456x',
  'a\u202Eb',
  '\uD800',
  '$(touch x)',
  '`touch x`',
  "a';b",
  'a|b',
  'a&b',
  'a"b',
  'a'.repeat(245),
];

it('no name that means more to git than a branch is taken', () => {
  expect(HOSTILE.filter(isBranchName)).toEqual([]);
  const usual = [
    'main',
    'agent/fix-1',
    'release/1.2',
    'dependabot/npm/@types/node-1.0',
    'a+b',
    'JIRA_1#2',
    'a=b,c%',
  ];
  expect(usual.filter((name) => !isBranchName(name))).toEqual([]);
});

it('a pattern covers the whole name, and `*` stands for any characters', () => {
  const fits = [
    ['agent/*', 'agent/a/b'],
    ['agent/*', 'agent/'],
    ['*', 'main'],
    ['a*b*c', 'a1b2bc'],
    ['main', 'main'],
    ['a.b', 'a.b'],
    ['**', 'a'],
  ] as const;
  const not = [
    ['agent/*', 'my-agent/a'],
    ['main', 'mainly'],
    ['a*a', 'a'],
    ['a*b*b', 'ab'],
    ['a.b', 'axb'],
    ['Main', 'main'],
    ['', 'a'],
  ] as const;
  expect(fits.filter(([pattern, name]) => !matchesPattern(pattern, name))).toEqual([]);
  expect(not.filter(([pattern, name]) => matchesPattern(pattern, name))).toEqual([]);
});

it('a pattern fits what a regular expression of the same meaning fits', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '/'), maxLength: 8 });
  const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '/', '*'), maxLength: 8 });
  fc.assert(
    fc.property(pattern, text, (one, name) => {
      const expected = new RegExp(`^${one.replaceAll('*', '.*')}$`).test(name);
      expect(matchesPattern(one, name)).toBe(expected);
    }),
  );
});

it('hostile arguments are refused before git or GitHub sees them, whatever the patterns allow', async () => {
  const { refusal, github, folder } = await openPullRequestTool({
    repository: { bases: ['*'], branches: ['*'] },
  });
  const before = readTree(folder);
  const names = ['-x', '+main', 'agent/fix:main', 'a@{1}', 'a b', 'a\nb', 'größe'];
  for (const args of names.flatMap((name) => [{ head: name }, { base: name }])) {
    const { status, detail } = await refusal({ ...REAL, ...args });
    expect([status, detail]).toEqual([400, expect.stringContaining('Expected a branch')]);
  }
  for (const args of [
    { title: 'a\nb' },
    { title: ' ' },
    { title: 'a\u2028b' },
    { title: 'a\uD800' },
    { title: 'a'.repeat(257) },
    { body: 'a'.repeat(60_001) },
    { labels: ['a\nb'] },
    { labels: ['a'.repeat(51)] },
    { head: 'main' },
    { force: true },
    { dry_run: 'false' },
  ]) {
    expect(await refusal({ ...REAL, ...args })).toMatchObject({ status: 400 });
  }
  expect(readTree(folder)).toEqual(before);
  expect(github.requests).toEqual([]);
});

it('another repository, base or branch is a 403 with the list of those that are allowed, in a dry run as well', async () => {
  const { refusal, git } = await openPullRequestTool({ repository: { bases: ['main', 'release/*'] } });
  git('branch', 'other', 'agent/fix');
  const forbidden = [
    [{ repo: 'octo/other' }, 'octo/tools'],
    [{ repo: 'OCTO/tools' }, 'octo/tools'],
    [{ repo: '../tools' }, 'octo/tools'],
    [{ repo: '__proto__' }, 'octo/tools'],
    [{ base: 'other' }, 'main, release/*'],
    [{ head: 'other' }, 'agent/*'],
    [{ head: 'main' }, 'agent/*'],
    [{ head: 'Agent/fix' }, 'agent/*'],
  ] as const;
  for (const [args, allowed] of forbidden) {
    const { status, detail } = await refusal({ ...PULL, ...args });
    expect([status, detail]).toEqual([403, expect.stringContaining(`Allowed: ${allowed}.`)]);
  }
});

it('a branch that the clone does not have is a 404, and tags and commits are not branches', async () => {
  const { refusal, git } = await openPullRequestTool({ repository: { branches: ['*'] } });
  git('tag', 'agent-tag', 'agent/fix');
  for (const head of [
    'agent/none',
    'agent-tag',
    git('rev-parse', 'agent/fix'),
    'refs/heads/agent/fix',
    'origin/main',
  ]) {
    expect(await refusal({ ...REAL, head })).toMatchObject({ status: 404 });
  }
});
