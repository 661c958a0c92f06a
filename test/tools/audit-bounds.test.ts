import { expect, it } from 'vitest';
import { callOf, gatedTool, sampleTool } from '../support/internal-tool.ts';
import { ledgerPort, openTestLedger, openTestTools } from '../support/open-test-tools.ts';

const rateLimit = { perSecond: 1, burst: 5 };

it('the end of a change is in the audit, however many refused calls wait to be written', async () => {
  const ledger = await openTestLedger();
  const port = ledgerPort(ledger);
  const { promise: isFree, resolve: free } = Promise.withResolvers<void>();
  const slow = {
    ...port,
    async end(call: Parameters<typeof port.end>[0]) {
      await isFree;
      await port.end(call);
    },
  };
  const [change, search] = [gatedTool(), sampleTool()];
  const { service } = await openTestTools({ tools: [change, search], ledger: slow, rateLimit });
  const flood = Array.from({ length: 1_500 }, () => service.prepare(callOf(search, {})).catch(() => {}));
  const prepared = await service.prepare(callOf(change, { dry_run: false, confirm: true }));
  const ended = prepared.run(true);
  await new Promise((resolve) => setImmediate(resolve));
  free();
  await Promise.all([ended, ...flood]);
  const entries = Array.from(ledger.list({ tool: change.name }), (line) => JSON.parse(line));
  expect(entries).toMatchObject([{ dry_run: false, outcome: 'ok' }]);
});

it('no number of other calls pushes a change out of the audit', async () => {
  const ledger = await openTestLedger({ maxEntries: 10 });
  const [change, search] = [gatedTool(), sampleTool()];
  const { service } = await openTestTools({ tools: [change, search], ledger: ledgerPort(ledger), rateLimit });
  await (await service.prepare(callOf(change, { dry_run: false }))).run(true);
  for (let count = 0; count < 100; count += 1) {
    await service.prepare(callOf(search, {})).then(
      (call) => call.run(true),
      () => {},
    );
    // One that nobody has confirmed has changed nothing.
    await service
      .prepare(callOf(change, { dry_run: false }))
      .then((call) => call.run(false))
      .catch(() => {});
  }
  const outcomes = Array.from(ledger.list({}), (line) => JSON.parse(line).outcome);
  expect(outcomes[0]).toBe('ok');
  expect(outcomes).not.toContain('412');
  expect(outcomes.length).toBeLessThan(50);
});

it.each([
  ['results', { maxResults: 10 }],
  ['bytes of results', { maxResultBytes: 2_000 }],
])('a key that keeps many %s displaces its own, and none of others', async (_, bounds) => {
  const ledger = await openTestLedger(bounds);
  const runs: string[] = [];
  const tool = sampleTool({
    async run({ text }, { caller }) {
      runs.push(`${caller.name} ${text.length}`);
      return { text };
    },
  });
  const { service } = await openTestTools({
    tools: [tool],
    ledger: ledgerPort(ledger),
    rateLimit: { perSecond: 1, burst: 1_000 },
  });
  async function call(name: string, text: string, idempotencyKey: string) {
    const request = callOf(tool, { text }, { caller: { id: name, name }, idempotencyKey });
    await (await service.prepare(request)).run(true);
  }
  await call('quiet', '', 'one');
  for (let count = 0; count < 100; count += 1) await call('noisy', 'x'.repeat(100), `key ${count}`);
  await call('quiet', '', 'one');
  expect(runs.filter((run) => run.startsWith('quiet'))).toHaveLength(1);
  await call('noisy', 'x'.repeat(100), 'key 0');
  expect(runs.filter((run) => run.startsWith('noisy'))).toHaveLength(101);
});
