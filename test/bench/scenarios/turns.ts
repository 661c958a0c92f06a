import type { Target } from '../report/figure.ts';
import { compareTurns, type Bench, type Scenario } from './scenario.ts';

export interface Level {
  readonly concurrency: number;
  /** Turns in a slice. */
  readonly count: number;
  /** Milliseconds between turns; without them, turns follow each other at once. */
  readonly pauseMs?: number;
  readonly targets: { readonly first?: Target; readonly total?: Target; readonly rate?: Target };
}

export const LEVELS: readonly Level[] = [
  {
    concurrency: 1,
    count: 15,
    targets: { first: { of: 'ratio', atMost: 0.8 }, total: { of: 'ratio', atMost: 0.85 } },
  },
  { concurrency: 8, count: 40, targets: {} },
  { concurrency: 32, count: 96, targets: { rate: { of: 'ratio', atLeast: 1 } } },
];

/** First text, whole answer and turns a second of short answers, at 1, 8 and 32 at once. */
export const TURNS: Scenario = {
  name: 'turns',
  async run(bench) {
    const { upstream } = await bench.sides();
    await upstream.call('use', { type: 'text', deltas: 20 });
    for (const level of LEVELS) await compareLevel(bench, level);
  },
};

export async function compareLevel(bench: Bench, { targets, ...level }: Level, prefix = ''): Promise<void> {
  const { concurrency, count, pauseMs } = level;
  const name = `${prefix}${concurrency} at once${pauseMs === undefined ? '' : ', with pauses'}`;
  const { gateway, bare } = await compareTurns(name, bench, { ...level, prompt: { type: 'hello' } });
  bench.report({
    name: `${name}: first text`,
    unit: 'ms',
    gateway: gateway.map(({ firstMs }) => firstMs),
    bare: bare.map(({ firstMs }) => firstMs),
    ...(targets.first && { target: targets.first }),
  });
  bench.report({
    name: `${name}: whole answer`,
    unit: 'ms',
    gateway: gateway.map(({ totalMs }) => totalMs),
    bare: bare.map(({ totalMs }) => totalMs),
    ...(targets.total && { target: targets.total }),
  });
  if (pauseMs !== undefined) return;
  bench.report({
    name: `${name}: turns a second`,
    unit: '/s',
    gateway: gateway.map(({ seconds }) => [count / seconds]),
    bare: bare.map(({ seconds }) => [count / seconds]),
    ...(targets.rate && { target: targets.rate }),
  });
  bench.report({
    name: `${name}: CPU a turn`,
    unit: 'ms',
    gateway: gateway.map(({ cpuMs }) => [cpuMs / count]),
    bare: bare.map(({ cpuMs }) => [cpuMs / count]),
  });
  bench.report({
    name: `${name}: CPU a turn, app-server`,
    unit: 'ms',
    gateway: gateway.map(({ appServerCpuMs }) => [appServerCpuMs / count]),
    bare: bare.map(({ appServerCpuMs }) => [appServerCpuMs / count]),
  });
}
