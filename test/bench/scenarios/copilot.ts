import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { ByteClientApi, ByteTimes } from '../processes/byte-client-process.ts';
import type { CopilotAnswer, CopilotApi } from '../processes/copilot-process.ts';
import { startGatewayProcess, TOKEN, type GatewayProcess } from '../processes/gateway-process.ts';
import { readMemoryKb } from '../processes/process-figures.ts';
import { startRemote, type Remote } from '../processes/remote.ts';
import { showProgress } from '../report/progress.ts';
import { median } from '../report/statistics.ts';
import { alternate, type Bench, type Scenario } from './scenario.ts';

const COPILOT_SCRIPT = new URL('../processes/copilot-process.ts', import.meta.url);
const CLIENT_SCRIPT = new URL('../processes/byte-client-process.ts', import.meta.url);

const MB = 1_000_000;
/** About as much as Codex sends with each request. */
const REQUEST_BYTES = 50_000;
/** Bytes of the stream that shows whether memory grows: its halves are compared. */
const LONG_BYTES = 500 * MB;

interface CopilotSides {
  readonly gateway: GatewayProcess;
  readonly copilot: Remote<CopilotApi>;
  /** Asks through the gateway. */
  through(count: number): Promise<ByteTimes>;
  /** Asks without it. */
  straight(count: number): Promise<ByteTimes>;
}

/** The adapter for Copilot, beside the same client that asks the same server straight. */
export const COPILOT: Scenario = {
  name: 'copilot',
  async run(bench) {
    const stack = new AsyncDisposableStack();
    try {
      const sides = await start(bench, stack);
      await compareFirstByte(bench, sides);
      await compareRate(bench, sides, { bytes: 50 * MB, chunk: 'event' });
      await compareRate(bench, sides, { bytes: 200 * MB, chunk: 'block' });
      await reportLongStream(bench, sides);
    } finally {
      await stack.disposeAsync();
    }
  },
};

async function start({ options }: Bench, stack: AsyncDisposableStack): Promise<CopilotSides> {
  const folder = mkdtempSync(join(tmpdir(), 'codex-gateway-bench-'));
  stack.defer(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  const copilot = startRemote<CopilotApi>(COPILOT_SCRIPT);
  stack.defer(copilot.close);
  const upstream = await copilot.call('start');
  const gateway = await startGatewayProcess({
    ...options,
    baseUrl: 'http://127.0.0.1:9/v1',
    folder,
    environment: {
      PATH: process.env.PATH ?? '',
      COPILOT_RESPONSES_URL: upstream,
      COPILOT_MODELS_URL: 'http://127.0.0.1:9/models',
      COPILOT_BEARER_TOKEN: 'tid=bench:mac',
    },
    probesMemory: true,
  });
  stack.defer(gateway.close);
  const client = startRemote<ByteClientApi>(CLIENT_SCRIPT);
  stack.defer(client.close);
  const headers = { authorization: `Bearer ${TOKEN}` };
  const ask = (url: string) => (count: number) =>
    client.call('ask', { url, headers, size: REQUEST_BYTES, count });
  const sides = {
    gateway,
    copilot,
    through: ask(`http://127.0.0.1:${gateway.port}/copilot/v1/responses`),
    straight: ask(upstream),
  };
  // The first requests are slow on either side.
  for (const side of [sides.through, sides.straight]) await side(20);
  return sides;
}

async function compareFirstByte(bench: Bench, { copilot, through, straight }: CopilotSides): Promise<void> {
  await copilot.call('use', { bytes: 0, chunk: 'event' });
  const { gateway, bare } = await alternate('copilot, first byte', bench.rounds, {
    gateway: async () => (await through(50)).firstMs,
    bare: async () => (await straight(50)).firstMs,
  });
  bench.report({ name: 'copilot: first byte', unit: 'ms', gateway, bare });
  bench.report({
    name: 'copilot: added to the first byte',
    unit: 'ms',
    gateway: gateway.map((times, round) => [median(times) - median(bare[round]!)]),
    target: { of: 'value', atMost: 2 },
  });
}

async function compareRate(bench: Bench, sides: CopilotSides, answer: CopilotAnswer): Promise<void> {
  await sides.copilot.call('use', answer);
  const rate = ({ bytes, totalMs }: ByteTimes) => [bytes / totalMs[0]! / 1_000];
  const name = `copilot: stream of ${answer.chunk}s`;
  const { gateway, bare } = await alternate(name, bench.rounds, {
    gateway: async () => rate(await sides.through(1)),
    bare: async () => rate(await sides.straight(1)),
  });
  // Copilot sends single events; blocks show what a second copy of each byte costs.
  const target = answer.chunk === 'event' && ({ of: 'ratio', atLeast: 0.9 } as const);
  bench.report({ name, unit: 'MB/s', gateway, bare, ...(target && { target }) });
}

async function reportLongStream(bench: Bench, { gateway, copilot, through }: CopilotSides): Promise<void> {
  showProgress('copilot: memory over a stream of 500 MB');
  await copilot.call('use', { bytes: LONG_BYTES, chunk: 'event' });
  const resident = { early: 0, late: 0 };
  const used = [await measureUsed(gateway)];
  const over = new AbortController();
  const stream = through(1).finally(() => over.abort());
  while (!over.signal.aborted) {
    await delay(100);
    const sent = await copilot.call('sentBytes');
    const part = sent < LONG_BYTES / 2 ? 'early' : 'late';
    resident[part] = Math.max(resident[part], readMemoryKb(gateway.pid) / 1_000);
  }
  const { bytes } = await stream;
  if (bytes < LONG_BYTES) throw new Error(`The stream ended after ${bytes} bytes.`);
  used.push(await measureUsed(gateway));
  bench.report({
    name: 'copilot: resident, second half of 500 MB (beside first)',
    unit: 'MB',
    gateway: [[resident.late]],
    bare: [[resident.early]],
    target: { of: 'ratio', atMost: 1.1 },
  });
  bench.report({
    name: 'copilot: in use after 500 MB (beside before)',
    unit: 'MB',
    gateway: [[used[1]! / MB]],
    bare: [[used[0]! / MB]],
    target: { of: 'ratio', atMost: 1.1 },
  });
}

/** A second collection gives back buffers that the first one has released. */
async function measureUsed(gateway: GatewayProcess): Promise<number> {
  await gateway.usedBytes();
  return await gateway.usedBytes();
}
