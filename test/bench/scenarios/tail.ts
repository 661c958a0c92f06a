import { compareTurns, type Scenario } from './scenario.ts';

const TURNS = 1_000;

/** The slow ones among 1,000 turns at 32 at once. */
export const TAIL: Scenario = {
  name: 'tail',
  async run(bench) {
    const { upstream } = await bench.sides();
    await upstream.call('use', { type: 'text', deltas: 20 });
    const count = Math.ceil(TURNS / bench.rounds);
    const options = { concurrency: 32, count, prompt: { type: 'hello' } } as const;
    const { gateway, bare } = await compareTurns('tail', bench, options);
    bench.report({
      name: `p95 of first text, ${count * bench.rounds} turns, 32 at once`,
      unit: 'ms',
      share: 0.95,
      gateway: gateway.map(({ firstMs }) => firstMs),
      bare: bare.map(({ firstMs }) => firstMs),
      target: { of: 'ratio', atMost: 1.1 },
    });
  },
};
