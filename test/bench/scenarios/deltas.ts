import { readCpuMs } from '../processes/process-figures.ts';
import type { ClientApi, ClientName } from '../processes/client-process.ts';
import type { Remote } from '../processes/remote.ts';
import { alternate, type Bench, type Scenario } from './scenario.ts';

const DELTAS = 20_000;

/** One answer of 20,000 deltas, as fast as it comes. */
export const DELTAS_OF_ONE: Scenario = {
  name: 'deltas',
  async run(bench) {
    const { upstream, gateway, http, bare } = await bench.sides();
    await upstream.call('use', { type: 'text', deltas: DELTAS });
    const rates = await alternate<Record<ClientName, Rates>>('20,000 deltas', bench.rounds, {
      chat: () => measure(http, 'chat', gateway.pid),
      bare: () => measure(bare, 'bare', bare.pid),
      responses: () => measure(http, 'responses', gateway.pid),
    });
    reportApi(bench, 'chat', 15, { gateway: rates.chat, bare: rates.bare });
    reportApi(bench, 'responses', 20, { gateway: rates.responses, bare: rates.bare });
  },
};

interface Rates {
  readonly deltasPerSecond: number;
  readonly cpuMicroseconds: number;
}

async function measure(remote: Remote<ClientApi>, client: ClientName, pid: number): Promise<Rates> {
  const before = readCpuMs(pid);
  const options = { client, count: 1, concurrency: 1, prompt: { type: 'hello' } } as const;
  const { totalMs, deltas } = await remote.call('runTurns', options);
  if (deltas !== DELTAS) throw new Error(`The answer came in ${deltas} deltas.`);
  return {
    deltasPerSecond: (DELTAS / totalMs[0]!) * 1_000,
    cpuMicroseconds: ((readCpuMs(pid) - before) / DELTAS) * 1_000,
  };
}

function reportApi(
  bench: Bench,
  api: string,
  cpuLimit: number,
  { gateway, bare }: Record<'gateway' | 'bare', Rates[]>,
): void {
  bench.report({
    name: `20,000 deltas, ${api}: deltas a second`,
    unit: '/s',
    gateway: gateway.map(({ deltasPerSecond }) => [deltasPerSecond]),
    bare: bare.map(({ deltasPerSecond }) => [deltasPerSecond]),
    target: { of: 'ratio', atLeast: 0.9 },
  });
  bench.report({
    name: `20,000 deltas, ${api}: CPU a delta`,
    unit: 'µs',
    gateway: gateway.map(({ cpuMicroseconds }) => [cpuMicroseconds]),
    bare: bare.map(({ cpuMicroseconds }) => [cpuMicroseconds]),
    target: { of: 'value', atMost: cpuLimit },
  });
}
