import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { toolsSchema } from '../../../src/app/config/tool-settings.ts';
import { GITHUB_TOKEN, openPullRequestTool, PULL, REAL } from '../../support/pull-request-tool.ts';
import { startScriptedServer } from '../../support/start-http-server.ts';

it('the token is in the environment of neither git nor its hooks, and in no answer or audit', async () => {
  const { run, remote, folder, audit } = await openPullRequestTool({
    github: { tokenFile: undefined, tokenEnv: 'GIT_SSH_VARIANT' },
    environment: {
      GIT_SSH_VARIANT: GITHUB_TOKEN,
      GITHUB_TOKEN,
      GH_TOKEN: GITHUB_TOKEN,
      CODEX_GATEWAY_TOKEN: 'own',
    },
  });
  const seen = join(folder, 'seen');
  const hook = `#!/bin/sh\nenv > '${seen}'\ntr '\\0' ' ' < /proc/$PPID/cmdline >> '${seen}' || true\n`;
  writeFileSync(join(remote, 'hooks', 'pre-receive'), hook, { mode: 0o755 });
  const answer = await run(REAL);
  expect(existsSync(seen)).toBe(true);
  const environment = readFileSync(seen, 'utf8');
  expect(environment).toContain('PATH=');
  for (const text of [environment, JSON.stringify(answer), JSON.stringify(audit())]) {
    expect(text).not.toContain(GITHUB_TOKEN);
    expect(text).not.toContain('CODEX_GATEWAY');
  }
});

it('what GitHub refuses is a 502 with its reasons, without the token', async () => {
  const { refusal, github, audit } = await openPullRequestTool();
  const message = `Bad ${GITHUB_TOKEN} and ghp_anothertoken123\u001B[31m`;
  const errors = [{ resource: 'PullRequest', message: 'A pull request already exists for octo:agent/fix.' }];
  github.answers.set('POST pulls', { status: 422, body: { message, errors } });
  const { status, detail } = await refusal(REAL);
  expect([status, detail]).toEqual([
    502,
    'GitHub answers 422: Bad … and … [31m; A pull request already exists for octo:agent/fix. The branch agent/fix is pushed.',
  ]);
  expect(JSON.stringify(audit())).not.toContain(GITHUB_TOKEN);
  const escaped = GITHUB_TOKEN.replace('g', String.raw`\u0067`);
  github.answers.set('POST pulls', { status: 500, body: `{"message":"${escaped}"}` });
  expect((await refusal(REAL)).detail).not.toContain(GITHUB_TOKEN);
});

it('a redirect is a 502, and the token does not go there', async () => {
  const elsewhere = await startScriptedServer({ status: 200, body: '{}' });
  const { refusal, github } = await openPullRequestTool();
  for (const status of [301, 302, 307, 308]) {
    github.answers.set('POST pulls', { status, headers: { location: `${elsewhere.origin}/x` } });
    expect(await refusal(REAL)).toMatchObject({
      status: 502,
      detail: expect.stringContaining(`GitHub answers ${status}. Redirects are not followed`),
    });
  }
  expect(elsewhere.received).toEqual([]);
});

it.each([
  ['not JSON', { status: 201, body: '<html>' }],
  ['without an address', { status: 201, body: { number: 1 } }],
  ['with an address that is none', { status: 201, body: { number: 1, html_url: 'javascript:alert(1)' } }],
  ['too long', { status: 201, body: 'a'.repeat(5_000_000) }],
])('an answer that is %s is a 502', async (_, answer) => {
  const { refusal, github } = await openPullRequestTool();
  github.answers.set('POST pulls', answer);
  expect(await refusal(REAL)).toMatchObject({ status: 502 });
});

it('without a token that can be read a dry run works, and a real one says what to do before it pushes', async () => {
  const { run, refusal, tokenFile, inRemote } = await openPullRequestTool();
  const expectRefusal = async (words: string) => {
    expect((await run(PULL)).message).toContain('Dry run');
    const { status, detail } = await refusal(REAL);
    expect([status, detail]).toEqual([409, expect.stringContaining(words)]);
    expect(detail).not.toContain(tokenFile);
  };
  writeFileSync(tokenFile, 'two words');
  await expectRefusal('does not hold a token alone');
  writeFileSync(tokenFile, '\n');
  await expectRefusal('is empty');
  chmodSync(tokenFile, 0o666);
  await expectRefusal('Others on this machine can change');
  rmSync(tokenFile);
  await expectRefusal('cannot be read (ENOENT)');
  expect(inRemote('for-each-ref', '--format=%(refname)')).toBe('refs/heads/main');
  writeFileSync(tokenFile, GITHUB_TOKEN, { mode: 0o600 });
  expect(await run(REAL)).toMatchObject({ pr_url: expect.stringContaining('https://') });
});

it('without a token in the configuration a real run names the settings', async () => {
  const { refusal } = await openPullRequestTool({ github: { tokenFile: undefined } });
  expect(await refusal(REAL)).toMatchObject({
    status: 409,
    detail: expect.stringContaining("'tools.github.tokenFile'"),
  });
});

it('the token may go only over TLS, or to this machine', () => {
  const parse = (apiUrl: string) => toolsSchema.safeParse({ github: { apiUrl } }).success;
  const good = [
    'https://api.github.com',
    'https://ghe.example/api/v3',
    'http://127.0.0.1:1',
    'http://localhost/api',
  ];
  const bad = ['http://api.github.com', 'ftp://a', 'https://a/?b', 'https://a/#b', 'https://u:p@a', 'a'];
  expect(good.filter((url) => !parse(url))).toEqual([]);
  expect(bad.filter(parse)).toEqual([]);
  const both = { github: { tokenFile: 'a', tokenEnv: 'B' } };
  expect(toolsSchema.safeParse(both).success).toBe(false);
});
