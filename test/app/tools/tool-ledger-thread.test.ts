import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { createToolLedgerThread } from '../../../src/app/worker/tool-ledger-thread.ts';
import type { ToolRequest } from '../../../src/tools/tool-request.ts';
import { callOf, sampleTool } from '../../support/internal-tool.ts';
import { ledgerPaths, openTestTools } from '../../support/open-test-tools.ts';

const reading = sampleTool();
const changing = sampleTool({
  name: 'sample.change',
  annotations: { ...reading.annotations, readOnlyHint: false },
  input: z.strictObject({ text: z.string().default('') }),
});

type LedgerOptions = Parameters<typeof createToolLedgerThread>[0];

async function setUp(options: Partial<LedgerOptions> = {}) {
  const paths = ledgerPaths();
  const ledger = createToolLedgerThread({ ...paths, ...options });
  onTestFinished(ledger.close);
  const runs: unknown[] = [];
  const run = async (input: unknown) => {
    runs.push(input);
    return { done: true };
  };
  const tools = [
    { ...reading, run },
    { ...changing, run },
  ];
  const { service, unwritten } = await openTestTools({ tools, ledger });
  async function call(tool: number, changes: Partial<ToolRequest> = {}) {
    const prepared = await service.prepare(callOf(tools[tool]!, { text: 'a' }, changes));
    return await prepared.run(true);
  }
  const lines = () => readFileSync(paths.linesPath, 'utf8').trim().split('\n');
  return { ...paths, call, runs, unwritten, lines };
}

it('a call is written by a thread, into files that only their owner can read', async () => {
  const { call, path, linesPath, lines } = await setUp();
  expect(await call(0)).toEqual({ done: true });
  expect(await call(1)).toEqual({ done: true });
  expect(lines()).toHaveLength(2);
  for (const file of [path, linesPath]) expect(statSync(file).mode & 0o777).toBe(0o600);
});

it('a locked database is an error before the work begins, and does not keep a search from its answer', async () => {
  const { call, path, runs, unwritten } = await setUp({ lockTimeoutMs: 300 });
  await call(1);
  const other = new DatabaseSync(path);
  onTestFinished(() => other.close());
  other.exec('BEGIN IMMEDIATE');
  const changed = call(1);
  expect(await call(0)).toEqual({ done: true });
  await expect(changed).rejects.toMatchObject({
    code: 'storage_busy',
    message: expect.stringContaining(
      'The call was not made, since it could not be written into the audit first',
    ),
  });
  await expect(call(0, { idempotencyKey: 'one' })).rejects.toMatchObject({ code: 'storage_busy' });
  expect(runs).toHaveLength(2);
  await expect.poll(() => unwritten.length).toBeGreaterThan(0);
  other.exec('ROLLBACK');
  expect(await call(1)).toEqual({ done: true });
});

it('a database that is locked from the start is an error of each call, and works once it is free', async () => {
  const { call, path } = await setUp({ lockTimeoutMs: 100 });
  const other = new DatabaseSync(path);
  onTestFinished(() => other.close());
  other.exec('PRAGMA journal_mode = WAL; BEGIN IMMEDIATE');
  const refused = await Promise.allSettled(Array.from({ length: 5 }, async () => await call(1)));
  for (const { status, ...rest } of refused) {
    expect({ status, ...rest }).toMatchObject({ status: 'rejected', reason: { code: 'storage_busy' } });
  }
  other.exec('ROLLBACK');
  expect(await call(1)).toEqual({ done: true });
});

it('a full disk is an error before the work begins', async () => {
  const { call, runs } = await setUp({ minFreeBytes: Number.MAX_VALUE });
  await expect(call(1)).rejects.toMatchObject({ code: 'storage_full' });
  expect(runs).toEqual([]);
  expect(await call(0)).toEqual({ done: true });
});

it('without the file of the audit, nothing is changed', async () => {
  const { call, runs } = await setUp({ linesPath: '/dev/null/tools-audit.jsonl' });
  await expect(call(1)).rejects.toMatchObject({
    code: 'storage_failed',
    message: expect.stringMatching(
      /could not be written into the audit first.*file of the audit \(ENOTDIR\)/,
    ),
  });
  expect(runs).toEqual([]);
});

it('a damaged file is an error that says so, and a new one is made once it was moved away', async () => {
  const { call, path } = await setUp();
  writeFileSync(path, 'no database'.repeat(100));
  const refused = await call(1).catch((error: unknown) => error);
  expect(refused).toMatchObject({ code: 'storage_failed' });
  expect(String(refused)).not.toContain(path);
  writeFileSync(path, '');
  expect(await call(1)).toEqual({ done: true });
});
