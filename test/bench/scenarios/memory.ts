import { setTimeout as delay } from 'node:timers/promises';
import { childrenOf, readMemoryKb } from '../processes/process-figures.ts';
import { showProgress } from '../report/progress.ts';
import { startSides, type Sides } from '../sides.ts';
import type { Bench, Scenario } from './scenario.ts';

const STREAMS = 100;
const REQUESTS = 5_000;
/** Requests after which memory is expected to have reached its level. */
const FIRST_REQUESTS = 1_000;
/** Milliseconds without a request after which the gateway has given memory back. */
const REST_MS = 12_000;

/** Memory at rest and of streams that are open. */
export const MEMORY: Scenario = {
  name: 'memory',
  run: async (bench) => await withProbe(bench, reportStreams),
};

/** Memory after 5,000 requests, of the gateway and of its app-server. */
export const LASTING: Scenario = {
  name: 'lasting',
  run: async (bench) => await withProbe(bench, reportGrowth),
};

async function withProbe(bench: Bench, run: (bench: Bench, sides: Sides) => Promise<void>): Promise<void> {
  const sides = await startSides({ ...bench.options, probesMemory: true });
  try {
    await run(bench, sides);
  } finally {
    await sides.close();
  }
}

async function reportStreams(bench: Bench, { upstream, gateway, http }: Sides): Promise<void> {
  await upstream.call('use', { type: 'paced', deltas: 50, gapMs: 200 });
  const perStream: number[] = [];
  for (let round = 1; round <= bench.rounds; round += 1) {
    showProgress(`memory of ${STREAMS} streams: round ${round} of ${bench.rounds}`);
    const before = await gateway.usedBytes();
    await upstream.call('take', 'gateway');
    const options = {
      client: 'chat',
      count: STREAMS,
      concurrency: STREAMS,
      prompt: { type: 'hello' },
    } as const;
    const turns = http.call('runTurns', options);
    let open = 0;
    while (open < STREAMS) {
      await delay(100);
      open += (await upstream.call('take', 'gateway')).requests;
    }
    await delay(500);
    perStream.push(((await gateway.usedBytes()) - before) / STREAMS / 1_000);
    await turns;
  }
  bench.report({
    name: 'memory of a paced stream',
    unit: 'kB',
    gateway: perStream.map((value) => [value]),
    target: { of: 'value', atMost: 60 },
  });
}

interface Memory {
  readonly used: number;
  readonly resident: number;
  readonly atRest: number;
  readonly child: number;
}

async function reportGrowth(bench: Bench, { upstream, gateway, http }: Sides): Promise<void> {
  await upstream.call('use', { type: 'text', deltas: 20 });
  const slice = 250;
  const options = { client: 'chat', count: slice, concurrency: 16, prompt: { type: 'hello' } } as const;
  const [child] = childrenOf(gateway.pid);
  const readResident = () => readMemoryKb(gateway.pid) / 1e3;
  async function measure(): Promise<Memory> {
    const resident = readResident();
    await delay(REST_MS);
    const atRest = readResident();
    return {
      used: (await gateway.usedBytes()) / 1e6,
      resident,
      atRest,
      child: readMemoryKb(child!) / 1e3,
    };
  }
  let early: Memory | undefined;
  for (let requests: number = slice; requests <= REQUESTS; requests += slice) {
    showProgress(`memory over ${REQUESTS} requests: ${requests}`);
    await http.call('runTurns', options);
    if (requests === FIRST_REQUESTS) early = await measure();
  }
  const late = await measure();
  for (const [key, name] of [
    ['used', 'gateway, in use'],
    ['resident', 'gateway, resident'],
    ['atRest', 'gateway, resident at rest'],
    ['child', 'app-server, resident'],
  ] as const) {
    bench.report({
      name: `after ${REQUESTS} requests (beside ${FIRST_REQUESTS}): ${name}`,
      unit: 'MB',
      gateway: [[late[key]]],
      bare: [[early![key]]],
      target: { of: 'ratio', atMost: 1.1 },
    });
  }
}
