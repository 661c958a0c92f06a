import { compareTurns, type Scenario } from './scenario.ts';

const STREAMS = 100;
const DELTAS = 50;
const GAP_MS = 20;
/** Milliseconds from which a user sees a gap. */
const VISIBLE_GAP_MS = 100;

/** A hundred answers at once whose text comes slowly, as from a real model. */
export const PACED: Scenario = {
  name: 'paced',
  async run(bench) {
    const { upstream } = await bench.sides();
    await upstream.call('use', { type: 'paced', deltas: DELTAS, gapMs: GAP_MS });
    const options = { count: STREAMS, concurrency: STREAMS, prompt: { type: 'hello' } } as const;
    const times = await compareTurns(`${STREAMS} paced streams`, bench, options);
    for (const [name, share] of [
      ['first text', 0.5],
      ['p99 of first text', 0.99],
    ] as const) {
      bench.report({
        name: `${STREAMS} paced streams: ${name}`,
        unit: 'ms',
        share,
        gateway: times.gateway.map(({ firstMs }) => firstMs),
        bare: times.bare.map(({ firstMs }) => firstMs),
        target: { of: 'ratio', atMost: 1.1 },
      });
    }
    bench.report({
      name: `${STREAMS} paced streams: worst gap`,
      unit: 'ms',
      gateway: times.gateway.map(({ worstGapMs }) => [Math.max(...worstGapMs)]),
      bare: times.bare.map(({ worstGapMs }) => [Math.max(...worstGapMs)]),
    });
    bench.report({
      name: `${STREAMS} paced streams: gaps over ${VISIBLE_GAP_MS} ms of its own`,
      unit: 'streams',
      gateway: times.gateway.map(({ worstGapMs }, round) => {
        const worstOfBare = Math.max(...times.bare[round]!.worstGapMs);
        return [worstGapMs.filter((gap) => gap > Math.max(VISIBLE_GAP_MS, worstOfBare)).length];
      }),
      target: { of: 'value', atMost: 0 },
    });
    bench.report({
      name: `${STREAMS} paced streams: CPU a delta`,
      unit: 'µs',
      gateway: times.gateway.map(({ cpuMs }) => [(cpuMs / STREAMS / DELTAS) * 1_000]),
      bare: times.bare.map(({ cpuMs }) => [(cpuMs / STREAMS / DELTAS) * 1_000]),
    });
  },
};
