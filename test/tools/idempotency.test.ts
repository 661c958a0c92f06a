import { spawnSync } from 'node:child_process';
import { hostname } from 'node:os';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { ClientGoneError, GatewayError } from '../../src/base/errors.ts';
import { describeCall } from '../../src/tools/audit/audit-entry.ts';
import { digestArguments } from '../../src/tools/gates/digest-arguments.ts';
import type { BegunCall } from '../../src/tools/ports.ts';
import type { ToolRequest } from '../../src/tools/tool-request.ts';
import type { AnyTool } from '../../src/tools/tool.ts';
import { callOf, sampleTool } from '../support/internal-tool.ts';
import { ledgerPaths, ledgerPort, openTestLedger, openTestTools } from '../support/open-test-tools.ts';

const input = z.strictObject({ text: z.string(), options: z.record(z.string(), z.int()).default({}) });

/** Serves a tool that counts its runs, with the ledger of a file. */
async function setUp(paths = ledgerPaths(), changes: Partial<AnyTool> = {}, now: () => number = Date.now) {
  const runs: { isTakenUp: boolean }[] = [];
  const tool = sampleTool({
    input,
    async run(_, { isTakenUp }) {
      runs.push({ isTakenUp });
      return { run: runs.length };
    },
    ...changes,
  });
  const ledger = await openTestLedger({ ...paths, now });
  const { service } = await openTestTools({ tools: [tool], ledger: ledgerPort(ledger) });
  async function call(args: unknown, idempotencyKey: string | undefined, request: Partial<ToolRequest> = {}) {
    const prepared = await service.prepare(callOf(tool, args, { idempotencyKey, ...request }));
    return await prepared.run(prepared.isConfirmed);
  }
  return { call, runs, ledger, service, tool };
}

it('the same key and arguments give the first output again, with quotation marks or without, and after a restart', async () => {
  const paths = ledgerPaths();
  const { call, runs, ledger } = await setUp(paths);
  expect(await call({ text: 'a', options: { x: 1, y: 2 } }, 'one')).toEqual({ run: 1 });
  expect(await call({ options: { y: 2, x: 1 }, text: 'a' }, '"one"')).toEqual({ run: 1 });
  expect(runs).toHaveLength(1);
  ledger.close();
  const later = await setUp(paths);
  expect(await later.call({ text: 'a', options: { x: 1, y: 2 } }, 'one')).toEqual({ run: 1 });
  expect(later.runs).toEqual([]);
});

it('arguments are the same if they are with their defaults; others are refused', async () => {
  const { call, runs } = await setUp();
  expect(await call({ text: 'a' }, 'one')).toEqual({ run: 1 });
  expect(await call({ text: 'a', options: {} }, 'one')).toEqual({ run: 1 });
  await expect(call({ text: 'b' }, 'one')).rejects.toMatchObject({ code: 'idempotency_key_reused' });
  expect(runs).toHaveLength(1);
});

it('a key belongs to one caller and one tool', async () => {
  const { call, runs } = await setUp();
  await call({ text: 'a' }, 'one');
  await call({ text: 'b' }, 'one', { caller: { id: 'id-2', name: 'main' } });
  await call({ text: 'b' }, 'one', {
    tool: sampleTool({ name: 'other.tool', input, run: async () => ({}) }),
  });
  expect(runs).toHaveLength(2);
});

it('an error of the tool is the result of its key as well', async () => {
  const paths = ledgerPaths();
  const refusal = new GatewayError('github_refused', 'GitHub says no.', { param: 'head' });
  const { call, ledger } = await setUp(paths, { run: () => Promise.reject(refusal) });
  await expect(call({ text: 'a' }, 'one')).rejects.toBe(refusal);
  ledger.close();
  const { call: callAgain, runs } = await setUp(paths);
  await expect(callAgain({ text: 'a' }, 'one')).rejects.toMatchObject({
    code: 'github_refused',
    message: 'GitHub says no.',
    detail: { param: 'head' },
  });
  expect(runs).toEqual([]);
});

it('what the gates refuse uses up no key', async () => {
  const gate = {
    isDryRun: ({ text }: { text: string }) => text === 'dry',
    isConfirmed: () => false,
    ask: () => 'Really?',
  };
  const { call, service, tool, runs } = await setUp(undefined, { gate });
  await expect(call({ text: 5 }, 'one')).rejects.toMatchObject({ code: 'invalid_value' });
  await expect(call({ text: 'real' }, 'one')).rejects.toMatchObject({ code: 'confirmation_required' });
  const prepared = await service.prepare(callOf(tool, { text: 'real' }, { idempotencyKey: 'one' }));
  expect(prepared).toMatchObject({ question: 'Really?', isConfirmed: false });
  expect(await prepared.run(true)).toEqual({ run: 1 });
  expect(runs).toHaveLength(1);
});

it('a call whose first one still runs is refused, also by another process on the same folder', async () => {
  const paths = ledgerPaths();
  const done = Promise.withResolvers<object>();
  const { call } = await setUp(paths, { run: () => done.promise });
  const first = call({ text: 'a' }, 'one');
  const other = await setUp(paths);
  await expect
    .poll(async () => await other.call({ text: 'b' }, 'one').catch(({ code }: GatewayError) => code))
    .toBe('idempotency_key_reused');
  for (const again of [call, other.call]) {
    await expect(again({ text: 'a' }, 'one')).rejects.toMatchObject({ code: 'call_running' });
  }
  done.resolve({ number: 1 });
  expect(await first).toEqual({ number: 1 });
  expect(await other.call({ text: 'a' }, 'one')).toEqual({ number: 1 });
  expect(other.runs).toEqual([]);
});

it('work whose process has ended in it is taken up, and the audit has both calls', async () => {
  const paths = ledgerPaths();
  const { pid } = spawnSync(process.execPath, ['--version']);
  const owner = JSON.stringify({ host: hostname(), pid, start: '1', instance: 'gone' });
  const dead = await openTestLedger({ ...paths, owner });
  const { call, runs, ledger, tool } = await setUp(paths);
  // The process dies after the beginning was written.
  dead.begin({
    id: 'first',
    entry: describeCall(callOf(tool, { text: 'a' }), undefined),
    idempotent: {
      caller: 'main',
      tool: tool.name,
      key: 'one',
      digest: await digestArguments({ text: 'a', options: {} }),
    },
  });
  await expect(call({ text: 'b' }, 'one')).rejects.toMatchObject({ code: 'idempotency_key_reused' });
  expect(await call({ text: 'a' }, 'one')).toEqual({ run: 1 });
  expect(runs).toEqual([{ isTakenUp: true }]);
  const outcomes = Array.from(ledger.list({}), (line) => String(JSON.parse(line).outcome));
  expect(new Set(outcomes)).toEqual(new Set(['422', '500', 'ok']));
  expect(outcomes).toHaveLength(3);
});

it('work that was interrupted because its client left is taken up', async () => {
  const client = new AbortController();
  const { call, runs, tool } = await setUp();
  const leaving = sampleTool({
    ...tool,
    async run() {
      client.abort(new ClientGoneError());
      throw client.signal.reason;
    },
  });
  const left = call({ text: 'a' }, 'one', { tool: leaving, signal: client.signal });
  await expect(left).rejects.toBeInstanceOf(ClientGoneError);
  expect(await call({ text: 'a' }, 'one')).toEqual({ run: 1 });
  expect(runs).toEqual([{ isTakenUp: true }]);
});

it('a beginning that was written too late does not keep its key from later calls', async () => {
  const { call, runs, ledger, tool } = await setUp();
  const late = {
    ...ledgerPort(ledger),
    async begin(begun: BegunCall): Promise<never> {
      ledger.begin(begun);
      throw new GatewayError('storage_busy', 'The disk does not answer.');
    },
  };
  const { service } = await openTestTools({ tools: [tool], ledger: late });
  const prepared = await service.prepare(callOf(tool, { text: 'a' }, { idempotencyKey: 'one' }));
  await expect(prepared.run(true)).rejects.toMatchObject({ code: 'storage_busy' });
  expect(runs).toEqual([]);
  expect(await call({ text: 'a' }, 'one')).toEqual({ run: 1 });
});

it('a result that cannot be written is kept in memory', async () => {
  const { ledger, tool, runs } = await setUp();
  const full = {
    ...ledgerPort(ledger),
    end: () => Promise.reject(new GatewayError('storage_full', 'No space is left.')),
  };
  const { service, unwritten } = await openTestTools({ tools: [tool], ledger: full });
  async function call(text: string) {
    const prepared = await service.prepare(callOf(tool, { text }, { idempotencyKey: 'one' }));
    return await prepared.run(true);
  }
  expect(await call('a')).toEqual({ run: 1 });
  expect(await call('a')).toEqual({ run: 1 });
  await expect(call('b')).rejects.toMatchObject({ code: 'idempotency_key_reused' });
  expect(runs).toHaveLength(1);
  expect(unwritten).toContain('sample.echo: No space is left.');
});

it('a result is kept for 24 hours', async () => {
  let time = Date.now();
  const { call, runs } = await setUp(undefined, {}, () => time);
  await call({ text: 'a' }, 'one');
  time += 24 * 3_600_000 - 1_000;
  await call({ text: 'a' }, 'one');
  expect(runs).toHaveLength(1);
  time += 2_000;
  await call({ text: 'b' }, 'one');
  expect(runs).toEqual([{ isTakenUp: false }, { isTakenUp: false }]);
});

it.each([
  ['', 'has 0'],
  ['""', 'has 0'],
  ['k'.repeat(256), 'has 256'],
])('an idempotency key has 1 to 255 characters: %#', async (key, problem) => {
  const { call } = await setUp();
  await expect(call({ text: 'a' }, key)).rejects.toMatchObject({
    code: 'invalid_value',
    message: expect.stringContaining(problem),
  });
});

it('a key in quotation marks may have 255 characters between them', async () => {
  const { call, runs } = await setUp();
  await call({ text: 'a' }, `"${'k'.repeat(255)}"`);
  await call({ text: 'a' }, 'k'.repeat(255));
  expect(runs).toHaveLength(1);
});
