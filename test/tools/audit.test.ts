import { mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { redactArguments } from '../../src/tools/audit/redact-arguments.ts';
import { cpuTimeOf } from '../support/cpu-time.ts';
import { makeUnreadPipe } from '../support/make-pipe.ts';
import { callOf, sampleTool } from '../support/internal-tool.ts';
import { ledgerPaths, ledgerPort, openTestLedger, openTestTools } from '../support/open-test-tools.ts';

const input = z.strictObject({
  title: z.string(),
  dry_run: z.boolean().default(true),
  confirm: z.boolean().default(false),
});
const gated = sampleTool({
  name: 'sample.create',
  input,
  gate: {
    isDryRun: ({ dry_run }: { dry_run: boolean }) => dry_run,
    isConfirmed: ({ confirm }: { confirm: boolean }) => confirm,
    ask: ({ title }: { title: string }) => `Create ${title}?`,
  },
  run: async () => ({}),
});

it('the audit has every call once, with what was refused before it ran', async () => {
  const { service, audit } = await openTestTools({ tools: [gated] });
  const turn = { threadId: 'thread', turnId: 'turn' };
  const caller = { id: 'id', name: 'codex' };
  async function call(args: object) {
    const prepared = await service.prepare(
      callOf(gated, args, { caller, assistant: 'codex', turn, requestId: `req_${audit().length}` }),
    );
    return await prepared.run(prepared.isConfirmed);
  }
  await call({ title: 'a' });
  await call({ title: 'a', dry_run: false, confirm: true });
  await expect(call({ title: 'a', dry_run: false })).rejects.toMatchObject({ code: 'confirmation_required' });
  await expect(call({ titel: 'a', dry_run: false })).rejects.toMatchObject({ code: 'unknown_parameter' });
  const who = {
    key: 'codex',
    assistant: 'codex',
    tool: 'sample.create',
    thread_id: 'thread',
    turn_id: 'turn',
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    ms: expect.any(Number),
  };
  const defaults = { title: 'a', dry_run: true, confirm: false };
  expect(audit()).toEqual([
    { ...who, request_id: 'req_0', arguments: defaults, dry_run: true, outcome: 'ok' },
    {
      ...who,
      request_id: 'req_1',
      arguments: { title: 'a', dry_run: false, confirm: true },
      dry_run: false,
      outcome: 'ok',
    },
    {
      ...who,
      request_id: 'req_2',
      arguments: { ...defaults, dry_run: false },
      dry_run: false,
      outcome: '412',
    },
    {
      ...who,
      request_id: 'req_3',
      arguments: { titel: 'a', dry_run: false },
      dry_run: false,
      outcome: '400',
    },
  ]);
});

it('a failure whose reason is not for the caller is a 500 without it', async () => {
  const broken = sampleTool({ run: () => Promise.reject(new Error('at /home/me')) });
  const { service, audit } = await openTestTools({ tools: [broken] });
  const prepared = await service.prepare(callOf(broken, {}));
  await expect(prepared.run(true)).rejects.toMatchObject({
    code: 'internal_error',
    message: 'The tool sample.echo failed.',
  });
  expect(audit()).toMatchObject([{ outcome: '500' }]);
});

it('the table of the audit cannot be changed', async () => {
  const paths = ledgerPaths();
  const ledger = await openTestLedger(paths);
  const { service } = await openTestTools({ tools: [gated], ledger: ledgerPort(ledger) });
  await (await service.prepare(callOf(gated, { title: 'a' }))).run(false);
  const { DatabaseSync } = await import('node:sqlite');
  using database = new DatabaseSync(paths.path);
  expect(() => database.exec("UPDATE audit SET tool = 'x'")).toThrow('the audit is never changed');
});

it('full files of lines are kept beside the newest one, five in all', async () => {
  const paths = ledgerPaths();
  const ledger = await openTestLedger({ ...paths, maxLineBytes: 600 });
  const { service } = await openTestTools({
    tools: [gated],
    ledger: ledgerPort(ledger),
    rateLimit: { perSecond: 1, burst: 100 },
  });
  for (let number = 0; number < 30; number += 1) {
    await (await service.prepare(callOf(gated, { title: `title ${number}` }))).run(false);
  }
  const names = readdirSync(dirname(paths.path)).filter((name) => name.includes('jsonl'));
  expect(names.toSorted()).toEqual(['', '.1', '.2', '.3', '.4'].map((end) => `tools-audit.jsonl${end}`));
  expect(readFileSync(paths.linesPath, 'utf8')).toContain('title 29');
  expect(Array.from(ledger.list({}))).toHaveLength(30);
});

it('an end that cannot be added to the lines is in the table all the same, and the log says so', async () => {
  const paths = ledgerPaths();
  const ledger = await openTestLedger(paths);
  const tool = {
    ...gated,
    async run() {
      rmSync(paths.linesPath);
      mkdirSync(paths.linesPath);
      return {};
    },
  };
  const { service, unwritten } = await openTestTools({ tools: [tool], ledger: ledgerPort(ledger) });
  const prepared = await service.prepare(callOf(tool, { title: 'a', dry_run: false }));
  expect(await prepared.run(true)).toEqual({});
  expect(Array.from(ledger.list({}), (line) => JSON.parse(line))).toMatchObject([{ outcome: 'ok' }]);
  expect(unwritten).toEqual([expect.stringMatching(/^sample\.create: .*file of the audit \(EISDIR\)/)]);
});

it('a pipe in the place of the lines stops a change instead of the gateway', async () => {
  const paths = ledgerPaths();
  makeUnreadPipe(paths.linesPath);
  const ledger = await openTestLedger(paths);
  const { service } = await openTestTools({ tools: [gated], ledger: ledgerPort(ledger) });
  const prepared = await service.prepare(callOf(gated, { title: 'a', dry_run: false }));
  await expect(prepared.run(true)).rejects.toMatchObject({ message: expect.stringContaining('ENXIO') });
});

const KEY = '-----BEGIN OPENSSH PRIVATE KEY-----\n+b3BlbnNzaC1rZXktdjEAAAAA\n+c2VjcmV0\n';

it.each([
  ['a token of GitHub', { text: 'push with ghp_abcdefghijklmnopqrstuvwxyz0123456789' }, 'ghp_abc'],
  ['a key of OpenAI', { text: 'sk-proj-abcdefghijklmnop1234' }, 'abcdefghij'],
  ['a private key', { diff: `${KEY}-----END OPENSSH PRIVATE KEY-----` }, 'c2VjcmV0'],
  ['a private key without an end', { diff: KEY }, 'c2VjcmV0'],
  ['a password in an address', { text: 'clone https://me:hunter2hunter2@example.com/a.git' }, 'hunter2'],
  ['a token in an address', { text: 'https://0123456789abcdef@example.com/a.git' }, '0123456789'],
  ['an assignment', { diff: '+export DB_PASSWORD="correct horse battery"' }, 'horse'],
  ['an assignment in JSON', { diff: '+  "apiKey": "0123456789",' }, '0123456789'],
  ['a header', { text: 'Authorization: Bearer abc.def-ghijkl' }, 'ghijkl'],
  ['a JSON Web Token', { text: 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl' }, 'c2lnb'],
  ['a JSON Web Token in a diff', { diff: '+a\n-eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0' }, 'c2lnb'],
  ['a field with the name of a secret', { nested: { accessToken: ['short'] } }, 'short'],
  ['the name of a field', { ghp_abcdefghijklmnopqrstuvwxyz0123456789: 1 }, 'ghp_abc'],
  [
    'a secret after a long text',
    { text: `${'x '.repeat(3_000)}ghp_abcdefghijklmnopqrstuvwxyz0123456789` },
    'ghp_abc',
  ],
])('%s is not in the audit', (_, args, secret) => {
  const shown = JSON.stringify(redactArguments(args));
  expect(JSON.stringify(args)).toContain(secret);
  expect(shown).not.toContain(secret);
  expect(shown).toContain('[redacted]');
});

it('ordinary arguments are in the audit as they are', () => {
  const args = {
    query: 'How do I rotate the token?',
    top_k: 5,
    max_tokens: 7,
    labels: ['a', 'b'],
    dry_run: true,
    body: 'See https://example.com/a?b=c and mail me@example.com.',
    none: null,
  };
  expect(redactArguments(args)).toEqual(args);
});

it.each([
  ['a long text', { diff: '+é\u0001\ud800'.repeat(1_000_000) }],
  ['what is hard to search', { list: Array.from({ length: 9 }, () => '-eyJ-'.repeat(9_000)) }],
  ['many texts', { list: Array.from({ length: 100_000 }, (_, index) => `text ${index}`) }],
  ['many numbers', { list: Array.from({ length: 100_000 }, (_, index) => index) }],
  ['many names', Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`name ${index}`, index]))],
  [
    'long names',
    Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`${index}`.padEnd(5_000), 1])),
  ],
  ['deep values', JSON.parse(`${'['.repeat(500)}${']'.repeat(500)}`)],
  ['deep long values', JSON.parse(`${'{"a":["b",'.repeat(400)}1${']}'.repeat(400)}`)],
  [
    'a list of everything',
    { a: Array.from({ length: 9_000 }, () => ({ b: ['\n'.repeat(50), {}, [], null] })) },
  ],
])('%s: the audit has at most 8 KB of it', (_, args) => {
  let shown = '';
  expect(cpuTimeOf(() => (shown = JSON.stringify(redactArguments(args))))).toBeLessThan(500);
  expect(Buffer.byteLength(shown)).toBeLessThanOrEqual(8 * 1024);
});
