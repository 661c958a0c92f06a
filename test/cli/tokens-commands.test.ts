import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { digestOf, NO_LIMITS } from '../../src/access/token-entry.ts';
import { checkStart } from '../../src/app/access/check-start.ts';
import { addNamedToken } from '../../src/app/access/named-tokens.ts';
import { readSettings } from '../../src/app/config/config.ts';
import { looksGenerated } from '../../src/app/config/token.ts';
import { SCOPES } from '../../src/base/scopes.ts';
import { userEnvironment } from '../support/command-line.ts';
import { runMain } from '../support/run-main.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** The command line of a user who has no gateway yet. */
function startUser() {
  const environment = userEnvironment(temporaryFolder());
  const run = async (...args: string[]) => await runMain(['tokens', ...args], environment);
  const list = async () => JSON.parse((await run('list', '--json')).printed) as Record<string, unknown>[];
  return { environment, run, list };
}

/** Expects an exit with 1 and nothing on standard output, but one line that says why. */
function expectRefused({ code, printed, complained }: Awaited<ReturnType<typeof runMain>>, words: RegExp) {
  expect({ code, printed }).toEqual({ code: 1, printed: '' });
  expect(complained).toMatch(words);
}

describe('`tokens add` refuses', () => {
  it.each<[what: string, args: string[], words: RegExp]>([
    ['a token without a name', [], /needs a name: tokens add NAME/],
    ['two names', ['one', '--name', 'two'], /'one' and 'two' are two/],
    ["the name of the gateway's own token", ['main'], /'main' is the name of the gateway's own token/],
    ['the same by --name', ['--name', 'main'], /'main' is the name of the gateway's own token/],
    ['the name of calls without a token', ['stdio'], /'stdio' stands for calls without a token/],
    ['a name with a slash', ['../other'], /The name '\.\.\/other' cannot be used/],
    ['a name with a space', ['two words'], /The name 'two words' cannot be used/],
    ['a name with a letter of another alphabet', ['zoë'], /The name 'zoë' cannot be used/],
    ['an empty name', [''], /The name '' cannot be used/],
    ['a name that is too long', ['a'.repeat(65)], /cannot be used; a name has up to 64/],
    [
      'an unknown scope',
      ['ci', '--scope', 'openai,metric'],
      /There is no scope 'metric'.*Did you mean 'metrics'/,
    ],
    ['an empty scope', ['ci', '--scope', ''], /--scope is empty/],
    ['an unknown limit', ['ci', '--limit', 'turn=1'], /There is no limit 'turn'.*Did you mean 'turns'/],
    ['a limit of 0', ['ci', '--limit', 'turns=0'], /The limit turns is '0'; it has to be a whole number/],
    ['a limit below 0', ['ci', '--limit', 'tokens=-1'], /The limit tokens is '-1'/],
    [
      'a limit beyond all counting',
      ['ci', '--limit', 'tokens=99999999999999999999'],
      /from 1 to 9007199254740991/,
    ],
    ['a limit that is not a whole number', ['ci', '--limit', 'requests=1.5'], /The limit requests is '1\.5'/],
    ['a limit without a number', ['ci', '--limit', 'turns'], /The limit turns is ''/],
    ['a limit that is given twice', ['ci', '--limit', 'turns=1,turns=2'], /'turns' is given twice/],
    ['an empty limit', ['ci', '--limit', ''], /--limit is empty/],
    ['an end that is past', ['ci', '--expires', '2020-01-31T12:00:00Z'], /which is past/],
    ['an end that is now', ['ci', '--expires', '0s'], /which is past/],
    ['an end after the year 9999', ['ci', '--expires', '3650000d'], /after the year 9999; choose an earlier/],
    ['such an end as a time', ['ci', '--expires', '9999-12-31T23:59:59-12:00'], /after the year 9999/],
    ['a duration of an unknown unit', ['ci', '--expires', '2w'], /--expires is '2w'; write a duration/],
    ['an end without a date', ['ci', '--expires', 'soon'], /--expires is 'soon'; write a duration/],
  ])('%s', async (_what, args, words) => {
    const { run, list } = startUser();
    expectRefused(await run('add', ...args), words);
    expect((await list()).map(({ name }) => name)).toEqual(['main']);
  });

  it('a name twice, and the first token stays as it was', async () => {
    const { run, list } = startUser();
    await run('add', 'ci', '--limit', 'turns=2');
    const before = await list();
    expectRefused(await run('add', '--name', 'ci'), /There is a token 'ci' already/);
    expect(await list()).toEqual(before);
  });
});

it.each([
  ['the argument', ['add', 'ci']],
  ['--name', ['add', '--name', 'ci']],
  ['both', ['add', 'ci', '--name', 'ci']],
])('`tokens add` with the name by %s prints the key and nothing else', async (_way, args) => {
  const { run, list } = startUser();
  const { code, printed, complained } = await run(...args);
  expect({ code, complained }).toEqual({ code: 0, complained: '' });
  expect(looksGenerated(printed)).toBe(true);
  expect((await list()).map(({ name }) => name)).toEqual(['main', 'ci']);
});

it('`tokens add` and the start warn of a limit of turns that the settings do not let the token reach', async () => {
  const { run, environment } = startUser();
  const fitting = await run('add', 'fitting', '--limit', 'turns=512');
  expect([fitting.code, fitting.complained]).toEqual([0, '']);
  const { code, printed, complained } = await run('add', 'greedy', '--limit', 'turns=513');
  expect([code, looksGenerated(printed)]).toEqual([0, true]);
  expect(complained).toBe(
    'Warning: the token never reaches turns=513, since the settings let it have 512 (limits.perToken).',
  );
  const settings = await readSettings({}, environment);
  const warning = {
    type: 'token-turns-unheld',
    name: 'greedy',
    turns: 513,
    setting: 'limits.perToken',
    most: 512,
  };
  expect(await checkStart(settings)).toEqual([warning]);
  const limits = { running: 2, waiting: 3, perToken: 512 };
  expect(await checkStart({ ...settings, limits: { ...settings.limits, ...limits } })).toMatchObject([
    { name: 'fitting', most: 5 },
    { name: 'greedy', most: 5 },
  ]);
});

it('`tokens list --json` prints every token with its scopes, times and limits, and never a key', async () => {
  const { run } = startUser();
  const key = (
    await run('add', 'ci', '--scope', 'metrics,openai', '--expires', '7d', '--limit', 'turns=2,tokens=9')
  ).printed;
  const { code, printed } = await run('list', '--json');
  expect(code).toBe(0);
  expect(printed).not.toContain(key);
  const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string;
  const unused = { last_used: null, user_agent: null };
  expect(JSON.parse(printed)).toEqual([
    {
      name: 'main',
      scopes: ['openai', 'metrics', 'copilot', 'sessions', 'tools', 'console'],
      created: null,
      expires: null,
      ...unused,
      limits: { turns: null, requests: null, tokens: null },
      browser: null,
    },
    {
      name: 'ci',
      scopes: ['openai', 'metrics'],
      created: time,
      expires: time,
      ...unused,
      limits: { turns: 2, requests: null, tokens: 9 },
      browser: null,
    },
  ]);
});

it('`tokens list` shows the same to a person, also an end that is past', async () => {
  const { run } = startUser();
  await run('add', 'ci', '--limit', 'turns=2');
  const lines = (await run('list')).printed.split('\n');
  expect(lines[0]).toMatch(/^NAME +SCOPES +EXPIRES +LIMITS +LAST USED +BY/);
  expect(lines[2]).toMatch(/^ci +openai +never +turns=2 +never/);
});

it('`tokens list` shows browsers below the tokens, with who signed them in, and `tokens revoke` signs one out', async () => {
  const { run, environment } = startUser();
  const stateDirectory = join(environment.HOME!, '.local', 'state', 'codex-gateway');
  await run('add', 'ci');
  expect((await run('list')).printed).not.toContain('BROWSER');
  const browser = { owner: 'main', isReadOnly: true, pageDigest: digestOf('page-key') };
  const given = { name: 'browser-1f0c9a52', scopes: SCOPES, expires: null, limits: NO_LIMITS, browser };
  await addNamedToken(stateDirectory, given);
  const lines = (await run('list')).printed.split('\n');
  expect(lines.slice(-3)).toEqual([
    '',
    expect.stringMatching(/^BROWSER +SIGNED IN WITH +SCOPES +EXPIRES +LAST USED +BY$/),
    expect.stringMatching(/^browser-1f0c9a52 +main +openai,.*,console \(read only\) +never +never$/),
  ]);
  expect((await run('revoke', 'browser-1f0c9a52')).code).toBe(0);
  expect((await run('list')).printed).not.toContain('BROWSER');
});

it('`tokens list` names a token whose file is damaged, and shows the others', async () => {
  const { run, list, environment } = startUser();
  await run('add', 'ci');
  await run('add', 'broken');
  writeFileSync(
    join(environment.HOME!, '.local', 'state', 'codex-gateway', 'tokens', 'broken.json'),
    '{"id":"',
  );
  expect((await list()).map(({ name }) => name)).toEqual(['main', 'ci']);
  expect((await run('list')).complained).toMatch(/The token 'broken' cannot be read/);
  expect((await run('revoke', 'broken')).code).toBe(0);
  expect((await run('list')).complained).toBe('');
});

describe('`tokens revoke`', () => {
  it.each([
    ['the argument', ['revoke', 'ci']],
    ['--name', ['revoke', '--name', 'ci']],
  ])('removes the token that is named by %s, whose name is free then', async (_way, args) => {
    const { run, list } = startUser();
    await run('add', 'ci');
    expect((await run(...args)).code).toBe(0);
    expect((await list()).map(({ name }) => name)).toEqual(['main']);
    expect((await run('add', 'ci')).code).toBe(0);
  });

  it.each<[what: string, args: string[], words: RegExp]>([
    ['a token that does not exist', ['nobody'], /There is no token 'nobody'/],
    ['the same by --name', ['--name', 'nobody'], /There is no token 'nobody'/],
    ['no name', [], /tokens revoke NAME/],
    ['two names', ['ci', '--name', 'other'], /tokens revoke NAME/],
    ["the gateway's own token", ['main'], /'main' is the gateway's own token/],
    ['a path', ['../token'], /There is no token '\.\.\/token'/],
  ])('of %s exits with 1 and removes nothing', async (_what, args, words) => {
    const { run, list } = startUser();
    await run('add', 'ci');
    expectRefused(await run('revoke', ...args), words);
    expect((await list()).map(({ name }) => name)).toEqual(['main', 'ci']);
  });
});

it.each([
  ['the state folder', ''],
  ['the folder of tokens in it', 'tokens'],
])('`tokens add` adds nothing if others can write to %s, and neither `serve` starts', async (_what, name) => {
  const { run, list, environment } = startUser();
  await run('add', 'first');
  const state = join(environment.HOME!, '.local', 'state', 'codex-gateway');
  chmodSync(join(state, name), 0o777);
  const words = /^codex-gateway: Others on this machine can change the .*; run `chmod go-w /;
  expectRefused(await run('add', 'second'), words);
  expectRefused(await runMain(['--port', '0'], environment), words);
  expectRefused(await runMain(['copilot', 'serve', '--port', '0'], environment), words);
  chmodSync(join(state, name), 0o700);
  expect((await list()).map((token) => token['name'])).toEqual(['main', 'first']);
});

it('`copilot serve` beyond this machine needs a token of your own that leads to Copilot', async () => {
  const { run, environment } = startUser();
  await run('add', 'other');
  await run('add', 'expired', '--scope', 'copilot', '--expires', '1s');
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 2_000 });
  onTestFinished(() => void vi.useRealTimers());
  const args = ['copilot', 'serve', '--port', '0', '--host', '0.0.0.0', '--allow-remote'];
  const { code, printed, complained } = await runMain(args, environment);
  expect([code, printed]).toEqual([1, '']);
  expect(complained).toContain('--allow-remote needs a token that you have chosen');
});

it('`tokens list` and `tokens revoke` make no state folder', async () => {
  const { run, environment } = startUser();
  await run('list');
  await run('revoke', 'nobody');
  expect(existsSync(join(environment.HOME!, '.local'))).toBe(false);
});
